import type { DatabaseSync } from 'node:sqlite';
import { bytesOf, type ListedRows, mostPageBytes } from '../../sql/listed-rows.ts';
import type { Row, Statement } from '../thread/statements.ts';
import { inOneGo, prepare } from './work.ts';

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
