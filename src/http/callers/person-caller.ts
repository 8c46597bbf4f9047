import { HookwireError, invalidInput } from '../../core/errors.ts';
import { masksNumbers, roleScopes } from '../../core/roles.ts';
import type { SignedIn } from '../../people/person.ts';
import type { Directory } from '../../stores/ports/directory.ts';
import type { Membership } from '../../stores/ports/people.ts';
import { notFound } from '../answers/not-found.ts';
import type { Caller } from './caller.ts';

/** Names the account that a person's call is about. */
export const accountHeader = 'hookwire-account';

/** A caller, and the role in which the person calls. */
export interface PersonCaller {
  readonly caller: Caller;
  readonly membership: Membership;
}

/**
 * Whom a person acts as: of the account that is named, or else as an operator, or of the one account that there is.
 * @throws HookwireError `not_found` for an account that the person has no role in, `invalid_input` where none of several
 * is named
 */
export async function callerOfPerson(
  { person, memberships }: Pick<SignedIn, 'person' | 'memberships'>,
  named: string | undefined,
  directory: Pick<Directory, 'getAccount'>,
): Promise<PersonCaller> {
  const actor = { kind: 'person', id: person.id, name: person.name } as const;
  const operator = memberships.find(({ role }) => role === 'operator');

  if (operator) {
    if (named !== undefined && !(await directory.getAccount(named))) throw notFound('account', named);
    const accountId = named ?? null;
    const scopes = accountId === null ? [] : roleScopes.operator;
    return {
      membership: operator,
      caller: { accountId, scopes, role: 'operator', actor, masksNumbers: false },
    };
  }
  const membership =
    named === undefined ? onlyOne(memberships) : memberships.find(({ accountId }) => accountId === named);
  if (!membership) throw notFound('account', named ?? '');
  const { role, accountId } = membership;
  if (accountId === null) throw new HookwireError('internal', 'A member of an account has no account.');
  return {
    membership,
    caller: { accountId, scopes: roleScopes[role], role, actor, masksNumbers: masksNumbers(role) },
  };
}

function onlyOne(memberships: readonly Membership[]): Membership | undefined {
  if (memberships.length > 1) {
    const message = 'is required, since you belong to several accounts: the id of one of them.';
    throw invalidInput([{ path: `header.${accountHeader}`, message }]);
  }
  return memberships[0];
}
