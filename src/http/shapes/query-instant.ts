import { invalidInput } from '../../core/errors.ts';
import { instantProblem, parseInstant } from '../../sources/http-api/instant.ts';

/**
 * An instant of a query, ms since the Unix epoch.
 * @throws HookwireError `invalid_input`
 */
export function queryInstant(name: string, text: string): number {
  const at = parseInstant(text);
  if (at !== null) return at;
  throw invalidInput([{ path: `query.${name}`, message: instantProblem(text) }]);
}
