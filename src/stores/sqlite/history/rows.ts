import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryState } from '../../../core/delivery.ts';
import { sequenceId, sequenceTime } from '../../../core/ids.ts';
import type { AttemptView, ListedDelivery } from '../../ports/history.ts';
import { errorClassOf, stateOf } from '../codes.ts';
import type { EventText } from '../event-body.ts';

/** A row of table `deliveries`. */
export interface DeliveryRow {
  readonly seq: number;
  readonly event: number;
  readonly webhook: string;
  readonly state: number;
  readonly attempts: number;
  readonly due: number;
  readonly status_code: number | null;
  readonly error_class: number | null;
  readonly reason: string | null;
}

/** A row of table `events`. */
export interface EventRow extends EventText {
  readonly deliveries: number;
}

/** A delivery as it crosses threads: its event beside it, as text. */
export type DeliveryFacts = Omit<ListedDelivery, 'event'>;

export interface HistoryReader {
  delivery(seq: number): DeliveryRow | undefined;
  event(seq: number): EventRow | undefined;
  attempts(delivery: number): AttemptView[];
}

export function createHistoryReader(db: DatabaseSync): HistoryReader {
  const delivery = db.prepare(
    `SELECT seq, event, webhook, state, attempts, due, status_code, error_class, reason FROM deliveries WHERE seq = ?`,
  );
  const event = db.prepare('SELECT seq, id, account, deliveries, body FROM events WHERE seq = ?');
  const attempts = db.prepare('SELECT * FROM attempts WHERE delivery = ? ORDER BY number');
  return {
    delivery: (seq) => delivery.get(seq) as unknown as DeliveryRow | undefined,
    event: (seq) => event.get(seq) as unknown as EventRow | undefined,
    attempts: (seq) => attempts.all(seq).map(attemptView),
  };
}

/** A delivery that waited for its turn lies among the retries; nobody has tried it. */
export function viewedState(row: Pick<DeliveryRow, 'state' | 'attempts'>): DeliveryState {
  const state = stateOf(row.state);
  return state === 'retrying' && row.attempts === 0 ? 'pending' : state;
}

export function deliveryFacts(row: DeliveryRow): DeliveryFacts {
  const state = viewedState(row);
  const ended = state !== 'pending' && state !== 'retrying';
  return {
    id: sequenceId('dlv', row.seq),
    webhookId: row.webhook,
    state,
    stateReason: row.reason,
    attempts: row.attempts,
    nextAttemptAt: ended ? null : row.due,
    acceptedAt: sequenceTime(row.event),
    finishedAt: ended ? row.due : null,
    statusCode: row.status_code,
    errorClass: errorClassOf(row.error_class),
  };
}

function attemptView(row: Record<string, unknown>): AttemptView {
  return {
    number: Number(row.number),
    webhookVersion: Number(row.webhook_version),
    manual: row.manual === 1,
    startedAt: Number(row.started_at),
    durationMs: Number(row.duration_ms),
    statusCode: row.status_code as number | null,
    errorClass: errorClassOf(row.error_class as number | null),
    errorDetail: row.error_detail as string | null,
    responseBody: row.response_body as string | null,
  };
}
