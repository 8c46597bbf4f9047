import type { CompiledQuery, Kysely } from 'kysely';
import type { ListedRows } from './listed-rows.ts';
import type { SqlWords } from './sql-words.ts';
import type { Tables } from './tables.ts';

/** A Kysely query that is not sent yet. */
export interface Compilable<Row = unknown> {
  compile(): CompiledQuery<Row>;
}

export type RowsOf<Queries> = {
  [K in keyof Queries]: Queries[K] extends Compilable<infer Row> ? readonly Row[] : never;
};

/**
 * What is ordinary, and so written once, needs of a database. SQLite has it on its threads, PostgreSQL on its pool.
 *
 * There is no transaction that is open while the main thread does something else: on SQLite the hot path would wait for it,
 * on PostgreSQL it would keep a connection. What belongs together is {@link SqlDatabase.applyIf}.
 */
export interface SqlDatabase {
  /** Small queries, each committed when it resolves: rows by their keys. They see all that was committed before. */
  readonly db: Kysely<Tables>;
  readonly words: SqlWords;
  /**
   * One transaction, as if no other was under way: when `condition` changes or finds a row, all of `changes` happen, and it
   * resolves to the rows that each gave back; else nothing happens and it resolves to `null`.
   */
  applyIf<const Queries extends readonly Compilable[]>(
    condition: Compilable,
    changes: Queries,
  ): Promise<RowsOf<Queries> | null>;
  /**
   * A list's query, in its asker's turn. It finds its rows by an index, so that it costs what it gives: at most a mebibyte.
   * @param asker the account that asks; `null`: an operator, or the gateway itself
   */
  listRows<Row>(asker: string | null, query: Compilable<Row>): Promise<ListedRows<Row>>;
}
