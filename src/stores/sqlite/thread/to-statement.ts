import type { SQLInputValue } from 'node:sqlite';
import type { Compilable } from '../../sql/sql-database.ts';
import type { Statement } from './statements.ts';

/** A Kysely query as desk and reader take it. */
export function toStatement(query: Compilable): Statement {
  const { sql, parameters } = query.compile();
  return { sql, parameters: parameters as SQLInputValue[] };
}
