import type { Erasure } from '../../../stores/ports/erasures.ts';
import type { Task } from '../../../stores/ports/tasks.ts';
import { formatInstant, formatOptionalInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import { receiptOf } from '../erasures/receipt.ts';
import type { task } from './schema.ts';

/** A task as the API shows it: without the places that it goes on from after a restart. */
export function taskView(shown: Task | Erasure): ViewOf<typeof task> {
  return 'counts' in shown ? erasureView(shown) : replayView(shown);
}

function replayView({
  progress: _progress,
  filter,
  createdAt,
  finishedAt,
  ...same
}: Task): ViewOf<typeof task> {
  const { from, to, ...narrowed } = filter;
  return {
    ...same,
    filter: {
      ...narrowed,
      ...(from === undefined ? {} : { from: formatInstant(from) }),
      ...(to === undefined ? {} : { to: formatInstant(to) }),
    },
    createdAt: formatInstant(createdAt),
    finishedAt: formatOptionalInstant(finishedAt),
    receipt: null,
  };
}

function erasureView(erasure: Erasure): ViewOf<typeof task> {
  const { id, accountId, kind, state, counts, createdAt, finishedAt } = erasure;
  return {
    ...{ id, accountId, kind, filter: {}, states: [], state, reason: null },
    total: finishedAt === null ? null : (counts.events ?? 0),
    done: counts.events ?? 0,
    failed: 0,
    skipped: counts.dropped ?? 0,
    createdAt: formatInstant(createdAt),
    finishedAt: formatOptionalInstant(finishedAt),
    receipt: receiptOf(erasure),
  };
}
