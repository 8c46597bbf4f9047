import type { Task } from '../../../stores/ports/tasks.ts';
import { formatInstant, formatOptionalInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { task } from './schema.ts';

/** A task as the API shows it: without the places that it goes on from after a restart. */
export function taskView({
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
  };
}
