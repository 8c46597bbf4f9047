import type { DeliveryState } from '../../../../core/delivery.ts';
import { invalidInput } from '../../../../core/errors.ts';
import { instantProblem, parseInstant } from '../../../../sources/http-api/instant.ts';
import { type ReplayableState, replayableStates } from '../../../../stores/ports/tasks.ts';

/** A span of time as a body gives it. */
export interface GivenSpan {
  readonly from?: string;
  readonly to?: string;
}

/**
 * A span as ms since the Unix epoch.
 * @throws HookwireError `invalid_input` for what is no instant, and where it ends before it begins
 */
export function readSpan(given: GivenSpan): { from?: number; to?: number } {
  const from = readInstant('from', given.from);
  const to = readInstant('to', given.to);
  if (from !== undefined && to !== undefined && to <= from) {
    throw invalidInput([{ path: 'to', message: 'must be later than "from".' }]);
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function readInstant(path: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = parseInstant(text);
  if (at !== null) return at;
  throw invalidInput([{ path, message: instantProblem(text) }]);
}

/**
 * The state, if its deliveries have ended.
 * @throws HookwireError `invalid_input`
 */
export function replayableState(state: DeliveryState, path: string): ReplayableState {
  const known = replayableStates.find((each) => each === state);
  if (known) return known;
  const message = `"${state}" deliveries go on by themselves; name "failed", "skipped" or "delivered".`;
  throw invalidInput([{ path, message }]);
}
