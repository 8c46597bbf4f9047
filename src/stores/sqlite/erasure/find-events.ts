import type { DatabaseSync } from 'node:sqlite';
import type { Sought } from '../../../core/traces.ts';
import { hasTraces, isAbout, isLookedAt, occursIn, tracesOf } from '../../erasure/event-traces.ts';
import { decodeEvent } from '../../event-body.ts';
import type { ErasureLook, FoundEvents } from '../../ports/erasures.ts';
import { type Effort, prepare, type Work } from '../reader/work.ts';
import { isOfEvent, ofEvent, type SpacedRow, spacingColumn } from '../spacing.ts';
import { numberKeyOf } from '../thread/number-key.ts';

export interface Stretch {
  readonly accountId: string | null;
  /** Events behind this one, up to that one. */
  readonly after: number;
  readonly upTo: number;
  /** A look ends after so long, ms of the reader's own: how far it has come is kept then. */
  readonly mostMs: number;
}

export interface TracesQuestion extends Stretch {
  readonly sought: Sought;
  readonly look: ErasureLook;
}

/** So many are given at once. */
const mostFound = 200;
const rowsTogether = 500;

/**
 * The next events in which somebody's traces are: in their text, their own id, or in what an endpoint answered to their
 * deliveries. No index has what stands inside of texts, so all events of the stretch are read.
 */
export function* findTraces(
  db: DatabaseSync,
  { sought, look, ...stretch }: TracesQuestion,
  effort: Effort,
): Work<FoundEvents> {
  const traces = tracesOf(() => numberKeyOf(db), sought);
  const event = prepare(
    db,
    `SELECT seq, id, account, deliveries, ${spacingColumn}, body FROM events WHERE seq = ?`,
  );
  const texts = prepare(
    db,
    `SELECT error_detail, response_body FROM attempts WHERE ${isOfEvent('delivery')}
       AND (response_body IS NOT NULL OR error_detail IS NOT NULL)`,
  );

  function* isFound(seq: number): Work<boolean> {
    const row = event.get(seq) as unknown as SpacedRow | undefined;
    if (!row) return false;
    const read = decodeEvent(row);
    if (isLookedAt(read, look)) {
      if (hasTraces(row, read, traces)) return true;
    } else if (isAbout(row, read, traces)) return false;
    yield;
    // To its end, so that the statement is not left open: an event for a thousand webhooks has some thousand attempts.
    const answers = texts.all(...ofEvent(row));
    for (const { error_detail, response_body } of answers) {
      if (occursIn(traces, error_detail) || occursIn(traces, response_body)) return true;
      yield;
    }
    return false;
  }

  return yield* walk(db, stretch, effort, isFound);
}

/** The next events of an account. */
export function* findEventsOf(
  db: DatabaseSync,
  stretch: Stretch & { readonly accountId: string },
  effort: Effort,
): Work<FoundEvents> {
  return yield* walk(db, stretch, effort, null);
}

/** @param isFound `null`: all of the account's are */
function* walk(
  db: DatabaseSync,
  { accountId, after, upTo, mostMs }: Stretch,
  effort: Effort,
  isFound: ((seq: number) => Work<boolean>) | null,
): Work<FoundEvents> {
  const keys = prepare(
    db,
    `SELECT seq, account FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ${rowsTogether}`,
  );
  const events: number[] = [];
  for (let last = after; ; ) {
    const rows = keys.all(last, upTo);
    for (const { seq, account } of rows) {
      last = Number(seq);
      if (accountId !== null && account !== accountId) continue;
      if (isFound === null || (yield* isFound(last))) events.push(last);
      yield;
      if (events.length === mostFound || effort.spentMs() > mostMs) return { events, next: last };
    }
    if (rows.length < rowsTogether) return { events, next: null };
    yield;
    if (effort.spentMs() > mostMs) return { events, next: last };
  }
}
