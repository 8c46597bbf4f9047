import { HookwireError, invalidInput } from '../../core/errors.ts';
import { shown } from '../../core/shown.ts';
import type { Directory } from '../../stores/ports/directory.ts';
import type { Caller } from './caller.ts';

/** The error for what does not exist, and for what belongs to somebody else. */
export function notFound(what: string, id: string): HookwireError {
  return new HookwireError('not_found', `There is no ${what} "${shown(id)}".`);
}

/** Whether a caller may know of an account's things. */
export function mayKnow(caller: Caller, accountId: string): boolean {
  return caller.accountId === null || caller.accountId === accountId;
}

/**
 * The account that a list is about: an account's own, the one that an operator names, or `null` for all.
 * @throws HookwireError `not_found` when an account asks for another
 */
export function accountToList(caller: Caller, named: string | undefined): string | null {
  if (named === undefined) return caller.accountId;
  if (!mayKnow(caller, named)) throw notFound('account', named);
  return named;
}

/**
 * The account that a new thing belongs to.
 * @throws HookwireError `not_found` when an account names another, `invalid_input` when an operator names none or one
 * that does not exist
 */
export async function accountToOwn(
  directory: Pick<Directory, 'getAccount'>,
  caller: Caller,
  named: string | undefined,
): Promise<string> {
  if (caller.accountId !== null) {
    if (named !== undefined && named !== caller.accountId) throw notFound('account', named);
    return caller.accountId;
  }
  if (named === undefined) {
    throw invalidInput([{ path: 'accountId', message: 'is required: an operator key names the account.' }]);
  }
  if (!(await directory.getAccount(named))) {
    throw invalidInput([{ path: 'accountId', message: `There is no account "${shown(named)}".` }]);
  }
  return named;
}

/** What was found, if the caller may know of it; otherwise `not_found`. */
export function known<T extends { readonly accountId: string }>(
  caller: Caller,
  found: T | null,
  what: string,
  id: string,
): T {
  if (!found || !mayKnow(caller, found.accountId)) throw notFound(what, id);
  return found;
}
