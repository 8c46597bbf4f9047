import { HookwireError } from '../../core/errors.ts';
import { shown } from '../../core/shown.ts';

/**
 * The error for what does not exist, and for what belongs to somebody else.
 * @param why a sentence more
 */
export function notFound(what: string, id: string, why: string | null = null): HookwireError {
  const detail = `There is no ${what} "${shown(id)}".`;
  return new HookwireError('not_found', why === null ? detail : `${detail} ${why}`);
}
