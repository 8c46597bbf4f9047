import type { DatabaseSync } from 'node:sqlite';
import type { StoredEventRow } from '../../event-body.ts';
import type { NewEventRow } from '../../log/row-types.ts';
import { acceptedAtColumn } from '../acceptance-times.ts';

/**
 * Events for very many webhooks, stored a part of their deliveries at a time so that others' commits get between: each
 * delivery changes another page of the waiting ones' index, and 1,000 of them kept everybody waiting for 45 ms.
 *
 * ```text
 * first part ── event, its first deliveries, which follow ──▸ … ──▸ last part: nothing follows any more
 *      │ from here on the event is found as accepted
 *      └── no more parts come: one of its call fails, or the process ends ──▸ owed: stored before anything else is
 * ```
 */
export interface FanOuts {
  /** Says in the transaction that stores a part what is still to come. */
  note(row: NewEventRow): void;
  /** The transaction with these is on disk. */
  stored(rows: readonly NewEventRow[], answers: readonly unknown[]): void;
  /** No more parts of these come: whoever called is told that the call failed. Others than those that have begun are ignored. */
  giveUp(events: readonly number[]): void;
  /**
   * Without later parts of events that are complete, since what was owed of them was stored, or that were there before, and
   * without those of which the part before was lost on its way.
   */
  wanted(rows: readonly NewEventRow[]): readonly NewEventRow[];
  /**
   * What comes next of an event whose parts do not come any more. All of it is stored in a row, while everybody waits: 65,000
   * deliveries of 100 events took 1.3 s, and the intake lets 100,000 wait (`HOOKWIRE_INTAKE_QUEUE`).
   */
  owed(): NewEventRow | null;
}

/** Deliveries of a part. */
export const mostInPart = 150;

interface Row extends StoredEventRow {
  readonly webhooks: string;
  readonly ordered: string;
  /** Of its deliveries, those on disk. */
  readonly stored: number;
}

/** All that is still to come of an event, as one row. */
type Rest = NewEventRow;

export function createFanOuts(db: DatabaseSync): FanOuts {
  const begin = db.prepare('INSERT INTO fan_outs (event, webhooks, ordered) VALUES (?, ?, ?)');
  const end = db.prepare('DELETE FROM fan_outs WHERE event = ?');
  const open = new Map<number, Rest>();
  /** Those of them whose parts do not come any more: all that a former process has left. */
  const owed = new Set<number>();

  // The join names what is read first: left to choose, SQLite reads all events there are in their order.
  for (const row of db
    .prepare(
      `SELECT e.seq, e.id, e.account, e.body, e.deliveries, f.webhooks, f.ordered, ${acceptedAtColumn('e.seq')},
         (SELECT count(*) FROM deliveries d WHERE d.seq > e.seq AND d.seq <= e.seq + e.deliveries) AS stored
       FROM fan_outs f CROSS JOIN events e ON e.seq = f.event ORDER BY f.event`,
    )
    .iterate()) {
    const rest = restOf(row as unknown as Row);
    open.set(rest.seq, rest);
    owed.add(rest.seq);
  }

  return {
    note({ seq, webhookIds, part }) {
      if (part === null) return;
      if (part.from === 0) begin.run(seq, part.rest.join(' '), part.orderedRest.join(' '));
      else if (part.from + webhookIds.length === part.of) end.run(seq);
    },
    stored(rows, answers) {
      for (const [i, row] of rows.entries()) {
        const { seq, part } = row;
        if (part === null || answers[i] !== 0) continue;
        const rest = part.from === 0 ? startOf(row) : behind(row, open.get(seq));
        if (rest) open.set(seq, rest);
        else {
          open.delete(seq);
          owed.delete(seq);
        }
      }
    },
    giveUp(events) {
      for (const seq of events) if (open.has(seq)) owed.add(seq);
    },
    wanted(rows) {
      const isWanted = ({ seq, part }: NewEventRow) =>
        part === null || part.from === 0 || open.get(seq)?.part?.from === part.from;
      return rows.every(isWanted) ? rows : rows.filter(isWanted);
    },
    owed() {
      const [seq] = owed;
      const rest = seq === undefined ? undefined : open.get(seq);
      return rest ? cut(rest, 0, mostInPart) : null;
    },
  };
}

function restOf(row: Row): Rest {
  const all = row.webhooks.split(' ');
  const webhooks = all.slice(row.stored - (row.deliveries - all.length));
  const ordered = new Set(row.ordered.split(' '));
  const from = row.stored;
  return {
    ...{ seq: row.seq, ownId: row.id, account: row.account, body: row.body },
    // These were stored with the event.
    ...{ identity: '', messageId: '', transactionId: null, mobileNumber: null },
    webhookIds: webhooks,
    orderedWebhookIds: webhooks.filter((id) => ordered.has(id)),
    part: { from, of: row.deliveries, rest: [], orderedRest: [], acceptedAt: row.accepted_at },
  };
}

/** What follows a first part. */
function startOf(row: NewEventRow): Rest | null {
  const { part, webhookIds } = row;
  if (part === null || part.rest.length === 0) return null;
  return {
    ...row,
    webhookIds: part.rest,
    orderedWebhookIds: part.orderedRest,
    part: { ...part, from: webhookIds.length, rest: [], orderedRest: [] },
  };
}

/** What is left when a part was stored. */
function behind({ webhookIds: here }: NewEventRow, rest: Rest | undefined): Rest | null {
  return rest && rest.webhookIds.length > here.length ? cut(rest, here.length, rest.webhookIds.length) : null;
}

function cut(rest: Rest, from: number, to: number): NewEventRow {
  const { part } = rest;
  const here = rest.webhookIds.slice(from, to);
  const ordered = new Set(rest.orderedWebhookIds);
  return {
    ...rest,
    webhookIds: here,
    orderedWebhookIds: here.filter((each) => ordered.has(each)),
    part: part && { ...part, from: part.from + from },
  };
}
