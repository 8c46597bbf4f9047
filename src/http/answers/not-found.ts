import { HookwireError } from '../../core/errors.ts';
import { shown } from '../../core/shown.ts';

/** The error for what does not exist, and for what belongs to somebody else. */
export function notFound(what: string, id: string): HookwireError {
  return new HookwireError('not_found', `There is no ${what} "${shown(id)}".`);
}
