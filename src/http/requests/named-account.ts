import { invalidInput } from '../../core/errors.ts';
import { shown } from '../../core/shown.ts';

/**
 * The account that a call names in its body or its query.
 *
 * @param inBody not checked yet
 * @throws HookwireError `invalid_input` where the two name different ones, or the body's is no text
 */
export function namedAccount(inBody: unknown, inQuery: string | undefined): string | undefined {
  if (inBody === undefined) return inQuery;
  if (typeof inBody !== 'string') throw invalidInput([{ path: 'accountId', message: 'must be text.' }]);
  if (inQuery === undefined || inQuery === inBody) return inBody;
  const message = `is "${shown(inBody)}", but "${shown(inQuery)}" in the query: name one account, in one of these places.`;
  throw invalidInput([{ path: 'accountId', message }]);
}
