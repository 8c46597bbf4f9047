import type { Pool, PoolClient } from 'pg';
import { bytesOf, type ListedRows, mostPageBytes } from '../../sql/listed-rows.ts';
import type { Compilable } from '../../sql/sql-database.ts';
import { inTransaction } from '../transaction.ts';
import { toQuery } from './to-query.ts';

/** Most pages are read in one piece; a row has 64 kB at most. */
const rowsAPiece = 100;

/**
 * Compiling such a query takes longer than it, and parallel workers are there for others. Its rows lie in an index in their
 * order; what PostgreSQL knows of a table that has just been filled says that reading all of it is cheaper: measured, ten times as
 * dear with 100,000 webhooks.
 */
const settings =
  'set local statement_timeout = 10000; set local jit = off; set local max_parallel_workers_per_gather = 0; ' +
  'set local enable_seqscan = off; set local enable_bitmapscan = off';

/** The rows of one query, until they are a mebibyte: through a cursor, so that no more than that comes over the network. */
export function readList<Row>(pool: Pool, query: Compilable<Row>): Promise<ListedRows<Row>> {
  const { text, values } = toQuery(query.compile());
  const read = async (client: PoolClient): Promise<ListedRows<Row>> => {
    await client.query({ text: `declare list no scroll cursor for ${text}`, values: values as unknown[] });
    const rows: Row[] = [];
    let bytes = 0;
    for (;;) {
      const { rows: piece } = await client.query<Row & object>(`fetch ${rowsAPiece} from list`);
      for (const row of piece) {
        if (bytes >= mostPageBytes) return { rows, cut: true };
        rows.push(row);
        bytes += bytesOf(row);
      }
      if (piece.length < rowsAPiece) return { rows, cut: false };
    }
  };
  return inTransaction(pool, 'read committed', read, { settings });
}
