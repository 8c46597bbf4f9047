import type { DatabaseSync } from 'node:sqlite';
import { sequenceAt, sequenceTime } from '../../../core/ids.ts';
import { dayMs } from '../../../core/keeping.ts';
import { heldCode, stateCode } from '../../codes.ts';
import { acceptedAt } from '../../log/acceptance-clock.ts';
import {
  batchBounds,
  batchLength,
  type LogBatch,
  lastOfBatch,
  type MovedAttempt,
  type MovedDelivery,
  type MovedEvent,
} from '../../moving/log-batch.ts';
import { acceptedAtColumn } from '../acceptance-times.ts';
import { prepare } from '../reader/work.ts';
import { spacingColumn } from '../spacing.ts';

const waiting: ReadonlySet<number> = new Set([stateCode('pending'), stateCode('retrying'), heldCode]);

/** The next events behind a number, with all that is theirs; `null`: there are none. */
export function readLog(db: DatabaseSync, after: number): LogBatch | null {
  const events = readEvents(db, after);
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) return null;
  const end = lastOfBatch(events);
  const accountOf = new Map(events.map(({ seq, account }) => [seq, account]));
  const deliveries = prepare(
    db,
    `SELECT seq, event, webhook, state, attempts, since_replay, manual, due, reason, status_code, error_class, order_key,
       counted_at, list_most FROM deliveries WHERE seq > ? AND seq <= ? AND event >= ? AND event <= ? ORDER BY seq`,
  )
    .all(first.seq, end, first.seq, last.seq)
    .map((row) => movedDelivery(row, accountOf.get(Number(row.event)) ?? ''));
  return { events, deliveries, attempts: readAttempts(db, deliveries) };
}

function readEvents(db: DatabaseSync, after: number): readonly MovedEvent[] {
  const sizes = prepare(
    db,
    'SELECT octet_length(body) AS bytes, deliveries FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
  ).all(after, batchBounds.events) as { bytes: number; deliveries: number }[];
  return prepare(
    db,
    `SELECT seq, id, account, deliveries, ${spacingColumn}, body, ${acceptedAtColumn('seq')} FROM events
     WHERE seq > ? ORDER BY seq LIMIT ?`,
  )
    .all(after, batchLength(sizes))
    .map((row) => ({
      seq: Number(row.seq),
      account: String(row.account),
      id: row.id as string | null,
      acceptedAt: acceptedAt(Number(row.seq), row.accepted_at as number | null),
      deliveries: Number(row.deliveries),
      spacing: Number(row.spacing),
      body: String(row.body),
      // Where its contents are gone: what finds it stands in the index alone (`loose-terms.ts`).
      ...{ identity: null, numberTerm: null },
    }));
}

/** What an ended one has of when it waited says nothing any more. */
function movedDelivery(row: Record<string, unknown>, account: string): MovedDelivery {
  const state = Number(row.state);
  const waits = waiting.has(state);
  return {
    account,
    seq: Number(row.seq),
    event: Number(row.event),
    webhook: String(row.webhook),
    state,
    attempts: Number(row.attempts),
    sinceReplay: Number(row.since_replay),
    manual: waits ? Number(row.manual) : 0,
    due: Number(row.due),
    reason: waits ? null : (row.reason as string | null),
    statusCode: row.status_code as number | null,
    errorClass: row.error_class as number | null,
    orderKey: waits ? (row.order_key as number | null) : null,
    countedAt: waits ? (row.counted_at as number | null) : null,
    listMost: waits ? (row.list_most as number | null) : null,
  };
}

function readAttempts(db: DatabaseSync, deliveries: readonly MovedDelivery[]): readonly MovedAttempt[] {
  const [first, last] = [deliveries[0], deliveries.at(-1)];
  if (!first || !last) return [];
  const accountOf = new Map(deliveries.map(({ seq, account }) => [seq, account]));
  const attempts: MovedAttempt[] = [];
  const rows = prepare(
    db,
    `SELECT delivery, number, webhook_version, manual, started_at, duration_ms, status_code, error_class, error_detail,
       response_body FROM attempts WHERE delivery >= ? AND delivery <= ? ORDER BY delivery, number`,
  ).all(first.seq, last.seq);
  for (const row of rows) {
    const account = accountOf.get(Number(row.delivery));
    if (account !== undefined) attempts.push(movedAttempt(row, account));
  }
  return attempts;
}

function movedAttempt(row: Record<string, unknown>, account: string): MovedAttempt {
  return {
    account,
    delivery: Number(row.delivery),
    number: Number(row.number),
    webhookVersion: Number(row.webhook_version),
    manual: Number(row.manual),
    startedAt: Number(row.started_at),
    durationMs: Number(row.duration_ms),
    statusCode: row.status_code as number | null,
    errorClass: row.error_class as number | null,
    errorDetail: row.error_detail as string | null,
    responseBody: row.response_body as string | null,
  };
}

/** The days (ms at midnight, UTC) in which events or deliveries have numbers. */
export function daysOfLog(db: DatabaseSync): readonly number[] {
  const days = new Set<number>();
  for (const table of ['events', 'deliveries']) {
    const next = db.prepare(`SELECT seq FROM ${table} WHERE seq >= ? ORDER BY seq LIMIT 1`);
    for (let row = next.get(0); row; ) {
      const at = sequenceTime(Number(row.seq));
      const day = at - (at % dayMs);
      days.add(day);
      row = next.get(sequenceAt(day + dayMs));
    }
  }
  return [...days].sort((a, b) => a - b);
}
