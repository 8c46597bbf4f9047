import type { DatabaseSync } from 'node:sqlite';
import type { Row, Statement } from '../thread/statements.ts';
import { mostPageBytes } from './page-bounds.ts';
import { inOneGo, prepare } from './work.ts';

/** Rows of a list in its order. */
export interface ListedRows<T> {
  readonly rows: readonly T[];
  /** They were too large to be given all; at least one is. */
  readonly cut: boolean;
}

/** The rows of one statement, until they are a mebibyte. */
export const rows = inOneGo((db: DatabaseSync, { sql, parameters }: Statement): ListedRows<Row> => {
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
export function bytesOf(row: object): number {
  let bytes = 0;
  for (const value of Object.values(row)) bytes += typeof value === 'string' ? value.length + 20 : 30;
  return bytes;
}
