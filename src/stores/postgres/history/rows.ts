import { sequenceId } from '../../../core/ids.ts';
import { errorClassOf, stateOf } from '../../codes.ts';
import { viewedState } from '../../history/viewed-state.ts';
import type { ListedDelivery } from '../../ports/history.ts';

/** A delivery, of whichever table. */
export interface DeliveryRow {
  readonly account: string;
  readonly seq: number;
  readonly event: number;
  readonly webhook: string;
  readonly state: number;
  readonly attempts: number;
  /** When it ended, or its next attempt (ms); of a pending one its place in the queue. */
  readonly at: number;
  readonly reason: string | null;
  readonly status_code: number | null;
  readonly error_class: number | null;
}

/** The columns of {@link DeliveryRow}, of a table named `r`. */
export const deliveryColumns = {
  waiting: `r.account, r.seq, r.event, r.webhook, r.state, r.attempts, r.due as at, null::text as reason,
    r.status_code, r.error_class`,
  deliveries: `r.account, r.seq, r.event, r.webhook, r.state, r.attempts, r.ended_at as at, r.reason,
    r.status_code, r.error_class`,
} as const;

/** What a row says of a delivery. @param acceptedAt its event's, ms */
export function deliveryFacts(row: DeliveryRow, acceptedAt: number): Omit<ListedDelivery, 'event'> {
  const state = viewedState(row);
  const ended = state !== 'pending' && state !== 'retrying';
  const due = stateOf(row.state) === 'pending' ? acceptedAt : row.at;
  return {
    id: sequenceId('dlv', row.seq),
    webhookId: row.webhook,
    state,
    stateReason: row.reason,
    attempts: row.attempts,
    nextAttemptAt: ended ? null : due,
    acceptedAt,
    finishedAt: ended ? row.at : null,
    statusCode: row.status_code,
    errorClass: errorClassOf(row.error_class),
  };
}

/** A stretch of sequence numbers: `from` ≤ number < `before`. */
export interface Span {
  readonly from: number;
  readonly before: number;
}
