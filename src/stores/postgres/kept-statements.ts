import type { ClientBase, Pool, QueryResult, QueryResultRow } from 'pg';
import { sqlState } from './sql-state.ts';

/** A statement that is asked so often that a connection keeps it, parsed and planned, by its name. */
export interface KeptStatement {
  /** Of this text alone; 63 characters at most. */
  readonly name: string;
  readonly text: string;
}

/** Of a connection. */
interface Kept {
  readonly now: () => number;
  /** Since when its plans may be from. */
  plannedAt: number;
}

/**
 * A plan is right for the sizes that tables had when it was made. On the connections of the log none reads a table whole, however empty
 * it is then (`pool.ts`, `byIndex`), so what is chosen may last. One over all partitions takes 1.2 ms to make, on each connection of each
 * process: made anew each second, that was a tenth of what three processes with little to do cost the server.
 */
const plansLastMs = 30_000;
/** Nor does one with which a statement took so long, whatever the reason. */
const slowMs = 50;

/**
 * SQLSTATEs of a statement that is not to be had by its name any more; nothing was done. 0A000: a migration has changed what it
 * answers with ("cached plan must not change result type"). 26000 and 42P05: there is a pooler that nobody has told of, and this
 * connection with the server is another one.
 */
const notKept: ReadonlySet<string> = new Set(['0A000', '26000', '42P05']);
const kept = new WeakMap<ClientBase, Kept>();

/** Has each connection of a pool keep statements. Not behind a pooler, which may give each transaction another one with the server. */
export function keepStatements(pool: Pool, now: () => number = () => performance.now()): void {
  pool.on('connect', (client) => kept.set(client, { now, plannedAt: now() }));
}

/** The connection has lost a statement; nothing was done. It does without names from now on. */
export function isNotKept(error: unknown): boolean {
  return notKept.has(sqlState(error));
}

/**
 * Asks a statement, by its name where the connection keeps it.
 *
 * @throws what the server says; where it has lost the statement in the middle of a transaction, that too, and the next try goes without
 */
export async function askKept<Row extends QueryResultRow>(
  client: ClientBase,
  { name, text }: KeptStatement,
  values: readonly unknown[],
): Promise<QueryResult<Row>> {
  const of = kept.get(client);
  if (!of) return client.query<Row>(text, [...values]);
  const startedAt = of.now();
  if (startedAt - of.plannedAt > plansLastMs) {
    await client.query('discard plans');
    of.plannedAt = startedAt;
  }
  try {
    return await client.query<Row>({ name, text, values: [...values] });
  } catch (error) {
    if (!isNotKept(error)) throw error;
    kept.delete(client);
    if (client.getTransactionStatus() !== 'I') throw error;
    return client.query<Row>(text, [...values]);
  } finally {
    if (of.now() - startedAt > slowMs) of.plannedAt = Number.NEGATIVE_INFINITY;
  }
}
