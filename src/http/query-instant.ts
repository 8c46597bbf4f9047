import { invalidInput } from '../core/errors.ts';
import { parseInstant } from '../sources/http-api/instant.ts';

/**
 * An instant of a query, ms since the Unix epoch.
 * @throws HookwireError `invalid_input`
 */
export function queryInstant(name: string, text: string): number {
  const at = parseInstant(text);
  if (at !== null) return at;
  const message = 'must be an instant with its zone, such as 2026-11-22T10:15:30.000Z ("+" is written %2B).';
  throw invalidInput([{ path: `query.${name}`, message }]);
}
