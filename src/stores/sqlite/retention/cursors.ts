import type { DatabaseSync } from 'node:sqlite';
import type { Keeps, RetentionClock } from '../../ports/retention.ts';
import {
  type Cursor,
  type CursorPlan,
  cursorOfAll,
  mergeCursors,
  nextStop,
  planCursors,
} from '../../retention/plan-cursors.ts';

export const clockCodes = { payload: 1, log: 2 } as const satisfies Record<RetentionClock, number>;
export const clocks = ['payload', 'log'] as const satisfies readonly RetentionClock[];

/**
 * The cursors in memory and on disk. What is changed is written by statements of the transaction that is open, and
 * {@link Cursors.reload} takes back what it was where that fails.
 */
export interface Cursors {
  readonly all: readonly Cursor[];
  of(clock: RetentionClock, account: string): Cursor;
  /** As {@link nextStop}. */
  stopOf(cursor: Cursor): number;
  /** The clocks are others now. */
  follow(keeps: Keeps): void;
  /** It has come so far, and is one with another where that has too. */
  advance(cursor: Cursor, upto: number): void;
  reload(): void;
}

export function createCursors(db: DatabaseSync): Cursors {
  const update = db.prepare('UPDATE retention_cursors SET upto = ? WHERE id = ?');
  let plans = read();

  function read(): Record<RetentionClock, CursorPlan> {
    const rows = db.prepare('SELECT id, clock, keep_ms, upto FROM retention_cursors ORDER BY id').all();
    const memberRows = db.prepare('SELECT clock, account, cursor FROM retention_members').all();
    const planOf = (clock: RetentionClock): CursorPlan => ({
      cursors: rows
        .filter((row) => row.clock === clockCodes[clock])
        .map((row) => ({
          id: Number(row.id),
          clock,
          keepMs: row.keep_ms === null ? null : Number(row.keep_ms),
          upto: Number(row.upto),
        })),
      members: new Map(
        memberRows
          .filter((row) => row.clock === clockCodes[clock])
          .map((row) => [String(row.account), Number(row.cursor)]),
      ),
    });
    return { payload: planOf('payload'), log: planOf('log') };
  }

  function write(clock: RetentionClock, plan: CursorPlan): void {
    const before = plans[clock];
    if (plan === before) return;
    plans = { ...plans, [clock]: plan };
    const put = db.prepare(
      `INSERT INTO retention_cursors (id, clock, keep_ms, upto) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET keep_ms = excluded.keep_ms, upto = excluded.upto`,
    );
    for (const { id, keepMs, upto } of plan.cursors) put.run(id, clockCodes[clock], keepMs, upto);
    const join = db.prepare(
      'INSERT OR REPLACE INTO retention_members (clock, account, cursor) VALUES (?, ?, ?)',
    );
    for (const [account, id] of plan.members) {
      if (before.members.get(account) !== id) join.run(clockCodes[clock], account, id);
    }
    const leave = db.prepare('DELETE FROM retention_members WHERE clock = ? AND account = ?');
    for (const account of before.members.keys()) {
      if (!plan.members.has(account)) leave.run(clockCodes[clock], account);
    }
    const drop = db.prepare('DELETE FROM retention_cursors WHERE id = ?');
    const kept = new Set(plan.cursors.map(({ id }) => id));
    for (const { id } of before.cursors) if (!kept.has(id)) drop.run(id);
  }

  const nextId = (): number =>
    1 + Math.max(...[...plans.payload.cursors, ...plans.log.cursors].map(({ id }) => id));

  return {
    get all() {
      return [...plans.payload.cursors, ...plans.log.cursors];
    },
    of(clock, account) {
      const { cursors, members } = plans[clock];
      const id = members.get(account) ?? cursorOfAll[clock];
      const found = cursors.find((cursor) => cursor.id === id);
      if (!found) throw new Error(`There is no retention cursor ${id}.`);
      return found;
    },
    stopOf: (cursor) => nextStop(cursor, plans[cursor.clock].cursors),
    follow(keeps) {
      for (const clock of clocks) write(clock, planCursors(clock, plans[clock], keeps, nextId()));
    },
    advance({ id, clock }, upto) {
      const { cursors, members } = plans[clock];
      const moved = cursors.map((cursor) => (cursor.id === id ? { ...cursor, upto } : cursor));
      update.run(upto, id);
      plans = { ...plans, [clock]: { cursors: moved, members } };
      write(clock, mergeCursors(clock, plans[clock]));
    },
    reload() {
      plans = read();
    },
  };
}
