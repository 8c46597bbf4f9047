import { sequenceAt } from '../../../core/ids.ts';
import type { Erasure } from '../../../stores/ports/erasures.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { receipt } from './receipt-schema.ts';

export function receiptOf(erasure: Erasure): ViewOf<typeof receipt> {
  const { deletedAccountId, waiting, by, counts } = erasure;
  return {
    deletedAccountId,
    waiting,
    askedBy: { ...by },
    progress: progressOf(erasure),
    counts: { ...counts },
  };
}

/** By the times of the events: they are looked through in their order. */
function progressOf({ finishedAt, createdAt, place }: Erasure): number {
  if (finishedAt !== null || !place || place.step !== 'events') return finishedAt === null && !place ? 0 : 1;
  if (place.upTo === null || place.after === 0) return 0;
  const upTo = Math.max(place.upTo, sequenceAt(createdAt), 1);
  return Math.round(Math.min(1, place.after / upTo) * 100) / 100;
}
