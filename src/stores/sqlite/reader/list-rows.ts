import type { ListedRows } from '../../sql/listed-rows.ts';
import type { Compilable } from '../../sql/sql-database.ts';
import { toStatement } from '../thread/to-statement.ts';
import type { Reader } from './reader.ts';

/**
 * A list's query, in its asker's turn. It finds its rows by an index, so that it costs what it gives: at most a mebibyte.
 * @param asker the account that asks; `null`: an operator
 */
export async function listRows<T>(
  reader: Pick<Reader, 'ask'>,
  asker: string | null,
  query: Compilable<T>,
): Promise<ListedRows<T>> {
  return (await reader.ask(asker, 'rows', toStatement(query))) as ListedRows<T>;
}
