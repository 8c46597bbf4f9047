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

/** By the times of the events: they are looked through in their order. Never 1 before the last of them was looked at. */
function progressOf({ place }: Erasure): number {
  if (place?.step !== 'events') return 1;
  const { first, upTo, after } = place;
  if (first === null || upTo === null) return 0;
  if (after >= upTo) return 1;
  return Math.floor((Math.max(0, after - first) / (upTo - first)) * 100) / 100;
}
