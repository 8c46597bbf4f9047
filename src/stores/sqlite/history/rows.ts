import type { DatabaseSync } from 'node:sqlite';
import type { EventHead } from '../../../core/event.ts';
import { sequenceId } from '../../../core/ids.ts';
import { errorClassOf, stateOf } from '../../codes.ts';
import { bodyStart, decodeEvent, decodeEventHead } from '../../event-body.ts';
import { viewedState } from '../../history/viewed-state.ts';
import { acceptedAt } from '../../log/acceptance-clock.ts';
import { type ListedDelivery, type StoredAttempt, shownAttempts } from '../../ports/history.ts';
import { acceptedAtColumn } from '../acceptance-times.ts';
import { hiddenAccounts } from '../reader/hidden-accounts.ts';
import { prepare } from '../reader/work.ts';
import { type SpacedRow, spacingColumn } from '../spacing.ts';

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
  /** When the event was accepted, where its number does not say so. */
  readonly accepted_at: number | null;
}

/** A row of table `events` without its body, which may have 300 KB. */
export type EventKey = Omit<SpacedRow, 'body'>;

/** A delivery as it crosses threads: its event beside it, as text. */
export type DeliveryFacts = Omit<ListedDelivery, 'event'>;

export interface HistoryReader {
  delivery(seq: number): DeliveryRow | undefined;
  /** Costs the same whatever the event holds. None of an account that is deleted, as {@link HistoryReader.event}. */
  key(seq: number): EventKey | undefined;
  event(seq: number): SpacedRow | undefined;
  /** What lists show of an event, and the size of all of it in bytes. */
  head(key: EventKey): { readonly event: EventHead; readonly bytes: number } | null;
  attempts(delivery: number): StoredAttempt[];
}

export function createHistoryReader(db: DatabaseSync): HistoryReader {
  const delivery = prepare(
    db,
    `SELECT seq, event, webhook, state, attempts, due, status_code, error_class, reason,
       ${acceptedAtColumn('event')} FROM deliveries WHERE seq = ?`,
  );
  const key = prepare(
    db,
    `SELECT seq, id, account, deliveries, ${spacingColumn}, ${acceptedAtColumn('seq')} FROM events WHERE seq = ?`,
  );
  const event = prepare(
    db,
    `SELECT seq, id, account, deliveries, ${spacingColumn}, body, ${acceptedAtColumn('seq')} FROM events WHERE seq = ?`,
  );
  const start = prepare(
    db,
    `SELECT substr(body, 1, ${bodyStart}) AS start, octet_length(body) AS bytes FROM events WHERE seq = ?`,
  );
  const attempts = prepare(
    db,
    `SELECT * FROM (SELECT * FROM attempts WHERE delivery = ? ORDER BY number DESC LIMIT ${shownAttempts})
     ORDER BY number`,
  );
  const hidden = hiddenAccounts(db);
  const isShown = (row: EventKey | undefined): boolean => row !== undefined && !hidden.has(row.account);
  const eventOf = (seq: number): SpacedRow | undefined => {
    const row = event.get(seq) as unknown as SpacedRow | undefined;
    return isShown(row) ? row : undefined;
  };

  return {
    delivery: (seq) => delivery.get(seq) as unknown as DeliveryRow | undefined,
    key: (seq) => {
      const row = key.get(seq) as unknown as EventKey | undefined;
      return isShown(row) ? row : undefined;
    },
    event: eventOf,
    head({ seq, id, account }) {
      const row = start.get(seq);
      if (!row) return null;
      const bytes = Number(row.bytes);
      const head = decodeEventHead({ seq, id, account, body: String(row.start) });
      if (head) return { event: head, bytes };
      const whole = eventOf(seq);
      if (!whole) return null;
      const { attributes: _attributes, message: _message, ...rest } = decodeEvent(whole);
      return { event: rest, bytes };
    },
    attempts: (seq) => attempts.all(seq).map(attemptView),
  };
}

export function deliveryFacts(row: DeliveryRow): DeliveryFacts {
  const state = viewedState(row);
  const ended = state !== 'pending' && state !== 'retrying';
  const accepted = acceptedAt(row.event, row.accepted_at);
  // What a pending one has as `due` is its place in the queue.
  const due = stateOf(row.state) === 'pending' ? accepted : row.due;
  return {
    id: sequenceId('dlv', row.seq),
    webhookId: row.webhook,
    state,
    stateReason: row.reason,
    attempts: row.attempts,
    nextAttemptAt: ended ? null : due,
    acceptedAt: accepted,
    finishedAt: ended ? row.due : null,
    statusCode: row.status_code,
    errorClass: errorClassOf(row.error_class),
  };
}

function attemptView(row: Record<string, unknown>): StoredAttempt {
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
