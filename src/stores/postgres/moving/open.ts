import type { ClientBase, Pool } from 'pg';
import { identityOfStore } from '../../moving/identity.ts';
import type { LogBatch } from '../../moving/log-batch.ts';
import type {
  LooseTerm,
  MovingSource,
  Place,
  ReadableStore,
  RowKey,
  WritableStore,
} from '../../moving/moving-store.ts';
import type { MovedRow, MovedTable } from '../../moving/tables.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { onConnection } from '../connection.ts';
import { layOut } from '../lay-out.ts';
import { createPool } from '../pool.ts';
import { makePartitionsOf } from '../retention/partitions.ts';
import { inTransaction } from '../transaction.ts';
import { beginMove, handedOver, keepAway, letBack } from './marks.ts';
import { daysOfLog, readLog } from './read-log.ts';
import { countTables, readTable } from './read-tables.ts';
import { readMark } from './refuse-moved.ts';
import { writeLog, writeTerms } from './write-log.ts';
import { heldOf, writePlace, writeRows } from './write-tables.ts';

/** Whole tables are counted, and read by the planner's statistics. */
const answersWithinMs = 60 * 60_000;

/** The database as people know it, without user and password. */
export function labelOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

async function openPool(url: string): Promise<Pool> {
  const pool = createPool({ url, most: 2, answersWithinMs });
  await layOut(pool, url).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  return pool;
}

function readingOf(pool: Pool, label: string): Omit<MovingSource, 'identity'> {
  const read = <T>(ask: (client: ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, 'repeatable read read only', ask);
  return {
    label,
    counts: () => onConnection(pool, countTables),
    table: (table: MovedTable, after: RowKey | null) =>
      onConnection(pool, (client) => readTable(client, table, after)),
    log: (after: number) => read((client) => readLog(client, after)),
    // Here they stand in the event's row.
    looseTerms: async () => ({ terms: [], next: null }),
    days: () => onConnection(pool, daysOfLog),
  };
}

export interface PostgresSourceOptions {
  readonly url: string;
  readonly cipher: Cipher;
  /** Where it goes, for people. */
  readonly to: string;
  /** It is only looked at, also while gateways are at work on it. */
  readonly isDryRun: boolean;
}

/**
 * Opens a database to move everything from it; gateways are kept away while the move goes on, and for good behind `handedOver`.
 * @throws {MoveError} where one is at work on it. @throws {CipherError} `wrong_master_key`
 */
export async function openPostgresSource(options: PostgresSourceOptions): Promise<ReadableStore> {
  const { url, cipher, to, isDryRun } = options;
  const pool = await openPool(url);
  try {
    const masterKeys = await pool.query<{ id: string; current: number }>(
      'select id, current from master_keys',
    );
    const secrets = await pool.query<{ name: string; sealed: string }>(
      'select name, sealed from gateway_secrets',
    );
    const { identity, numberKey } = identityOfStore(masterKeys.rows, secrets.rows, cipher);
    const mark = { direction: 'from', other: to, source: identity } as const;
    if (!isDryRun) await beginMove(pool, mark, async () => null);
    return {
      ...readingOf(pool, labelOf(url)),
      identity,
      numberKey,
      keepAway: () => keepAway(pool),
      handedOver: () => handedOver(pool),
      async close() {
        if (!isDryRun) await letBack(pool).catch(() => {});
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

export interface PostgresTargetOptions {
  readonly url: string;
  readonly source: ReadableStore;
  readonly now: () => number;
}

/**
 * Opens a database that is empty, or that the same move has begun to fill; no gateway is at work on it before all is there.
 * @throws {MoveError} where it is not, or one is at work on it
 */
export async function openPostgresTarget(options: PostgresTargetOptions): Promise<WritableStore> {
  const { url, source, now } = options;
  const pool = await openPool(url);
  const finding = { numberKey: source.numberKey ?? new Uint8Array(), now: now() };
  const write = (place: Place, work: (client: ClientBase) => Promise<void>): Promise<void> =>
    inTransaction(pool, 'read committed', async (client) => {
      await work(client);
      await writePlace(client, place);
    });
  try {
    const mark = { direction: 'into', other: source.label, source: source.identity } as const;
    await beginMove(pool, mark, heldOf);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    ...readingOf(pool, labelOf(url)),
    identity: source.identity,
    async place() {
      const text = (await onConnection(pool, readMark))?.place ?? null;
      return text === null ? null : (JSON.parse(text) as Place);
    },
    prepare: (days: readonly number[]) => onConnection(pool, (client) => makePartitionsOf(client, days)),
    putRows: (table: MovedTable, rows: readonly MovedRow[], isFirst: boolean, place: Place) =>
      write(place, (client) => writeRows(client, table, rows, isFirst)),
    putLog: (batch: LogBatch, place: Place) => write(place, (client) => writeLog(client, batch, finding)),
    putTerms: (terms: readonly LooseTerm[], place: Place) =>
      write(place, (client) => writeTerms(client, terms)),
    async complete() {
      // Or the first plans would be those for empty tables.
      await onConnection(pool, (client) => client.query('analyze'));
      await pool.query("delete from moves where direction = 'into'");
    },
    close: () => pool.end(),
  };
}
