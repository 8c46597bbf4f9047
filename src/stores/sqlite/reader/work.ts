import type { DatabaseSync, StatementSync } from 'node:sqlite';

/**
 * A question being worked at. At each `yield` the thread may turn to others for a while: nothing is open there, and what
 * is read before and after may differ, as between two pages of a list.
 */
export type Work<T> = Generator<void, T, void>;

/** What went into a question so far. */
export interface Effort {
  /** Of the reader's own time, without that of others in between, ms. */
  spentMs(): number;
}

export type Question = (db: DatabaseSync, argument: never, effort: Effort) => Work<unknown>;

export type ArgumentOf<Q> = Q extends (db: DatabaseSync, argument: infer A, effort: Effort) => unknown
  ? A
  : never;
export type AnswerTo<Q> = Q extends (...given: never[]) => Work<infer T> ? T : never;

/** A question that is answered in one go, since it takes little or must see one state of the store. */
export function inOneGo<A, T>(answer: (db: DatabaseSync, argument: A) => T) {
  return function* (db: DatabaseSync, argument: A): Work<T> {
    yield;
    return answer(db, argument);
  };
}

/** Works to the end without turning to others. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();
const keptAtMost = 200;

/** A statement that is prepared once: 20 µs each time otherwise. Of one that is iterated, `all` it or go to its end. */
export function prepare(db: DatabaseSync, sql: string): StatementSync {
  const known = prepared.get(db) ?? new Map<string, StatementSync>();
  prepared.set(db, known);
  const found = known.get(sql);
  if (found) return found;
  const statement = db.prepare(sql);
  if (known.size >= keptAtMost) known.delete(known.keys().next().value ?? '');
  known.set(sql, statement);
  return statement;
}
