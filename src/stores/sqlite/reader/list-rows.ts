import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Compilable } from '../directory/apply-if.ts';
import { mostPageBytes } from './page-bounds.ts';
import type { Reader, Row } from './reader.ts';
import { inOneGo, prepare } from './work.ts';

interface RowsQuestion {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

/** Rows of a list in its order. */
export interface ListedRows<T> {
  readonly rows: readonly T[];
  /** They were too large to be given all; at least one is. */
  readonly cut: boolean;
}

/**
 * A list's query, in its asker's turn. It finds its rows by an index, so that it costs what it gives: at most a mebibyte.
 * @param asker the account that asks; `null`: an operator
 */
export async function listRows<T>(
  reader: Pick<Reader, 'ask'>,
  asker: string | null,
  query: Compilable<T>,
): Promise<ListedRows<T>> {
  const { sql, parameters } = query.compile();
  const question: RowsQuestion = { sql, parameters: parameters as SQLInputValue[] };
  return (await reader.ask(asker, 'rows', question)) as ListedRows<T>;
}

/** The rows of one statement, until they are a mebibyte. */
export const rows = inOneGo((db: DatabaseSync, { sql, parameters }: RowsQuestion): ListedRows<Row> => {
  const found: Row[] = [];
  let bytes = 0;
  for (const row of prepare(db, sql).iterate(...parameters)) {
    if (bytes >= mostPageBytes) return { rows: found, cut: true };
    found.push(row);
    bytes += bytesOf(row);
  }
  return { rows: found, cut: false };
});

/** About as many bytes as a row has as JSON. */
export function bytesOf(row: Row): number {
  let bytes = 0;
  for (const value of Object.values(row)) bytes += typeof value === 'string' ? value.length + 20 : 30;
  return bytes;
}
