import type { SQLInputValue } from 'node:sqlite';
import type { CompiledQuery } from 'kysely';
import type { Desk } from '../desk/desk.ts';
import type { Statement } from '../thread/statements.ts';

/** A Kysely query that is not sent yet. */
export interface Compilable<Row = unknown> {
  compile(): CompiledQuery<Row>;
}

type RowsOf<Queries> = {
  [K in keyof Queries]: Queries[K] extends Compilable<infer Row> ? readonly Row[] : never;
};

/**
 * {@link Desk.applyIf} for Kysely queries: one transaction, in which all of `changes` happen when `condition` changes
 * or finds a row. Resolves to the rows that each change gave back, or to `null` when nothing happened.
 */
export async function applyIf<const Queries extends readonly Compilable[]>(
  desk: Desk,
  condition: Compilable,
  changes: Queries,
): Promise<RowsOf<Queries> | null> {
  const results = await desk.applyIf(toStatement(condition), changes.map(toStatement));
  return results && (results.map((result) => result.rows) as unknown as RowsOf<Queries>);
}

export function toStatement(query: Compilable): Statement {
  const { sql, parameters } = query.compile();
  return { sql, parameters: parameters as SQLInputValue[] };
}
