import type { Pool } from 'pg';
import type { Sought, Traces } from '../../../core/traces.ts';
import { tracesOf } from '../../erasure/event-traces.ts';
import type { Erasure, ErasureStore } from '../../ports/erasures.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { SqlDatabase } from '../../sql/sql-database.ts';
import { createSqlErasures } from '../../sql/tasks/erasures.ts';
import { deleteEvents } from './delete-events.ts';
import { deleteRest } from './delete-rest.ts';
import { eraseEvents } from './erase-events.ts';
import { eraseRest } from './erase-rest.ts';
import { findEventsOf, findTraces } from './find-events.ts';
import { wipe } from './wipe.ts';

export interface ErasuresOptions {
  readonly pool: Pool;
  readonly database: SqlDatabase;
  readonly cipher: Cipher;
  /** The gateway's number key, which is the same for all processes. */
  readonly numberKey: Uint8Array;
}

/** Erasures on PostgreSQL. */
export function createPostgresErasures({ pool, database, cipher, numberKey }: ErasuresOptions): ErasureStore {
  const tracesIn = (erasure: Erasure): Traces => tracesOf(() => numberKey, soughtOf(erasure));

  return {
    ...createSqlErasures(database, cipher),
    async storedSpan() {
      const { rows } = await pool.query<{ first: number | null; last: number | null }>(
        `select (select seq from events order by seq limit 1) as first,
           (select seq from events order by seq desc limit 1) as last`,
      );
      return { first: rows[0]?.first ?? 0, last: rows[0]?.last ?? 0 };
    },
    find: (erasure, after, upTo, look, mostMs) =>
      findTraces(pool, {
        ...{ traces: tracesIn(erasure), accountId: erasure.accountId, after, upTo, look, mostMs },
      }),
    eraseEvents: (erasure, events, look) =>
      eraseEvents(pool, {
        ...{ erasure: erasure.id, traces: tracesIn(erasure), accountId: erasure.accountId, events, look },
        askedAt: erasure.createdAt,
      }),
    eraseRest: (erasure, from) =>
      eraseRest(pool, {
        ...{ erasure: erasure.id, traces: tracesIn(erasure), accountId: erasure.accountId, from },
      }),
    findOfAccount: (erasure, after, upTo) =>
      findEventsOf(pool, { accountId: deletedOf(erasure), after, upTo }),
    deleteEvents: (erasure, events) =>
      deleteEvents(pool, { erasure: erasure.id, accountId: deletedOf(erasure), events }),
    deleteRest: (erasure, from) =>
      deleteRest(pool, { erasure: erasure.id, accountId: deletedOf(erasure), from }),
    // What finds an event goes with what it said, in the same transaction.
    isForgotten: async () => true,
    wipesAlone: false,
    wipe: (from) => wipe(pool, from),
  };
}

function soughtOf({ sought, id }: Erasure): Sought {
  if (!sought) throw new Error(`The erasure ${id} has ended.`);
  return sought;
}

function deletedOf({ deletedAccountId, id }: Erasure): string {
  if (deletedAccountId === null) throw new Error(`The erasure ${id} deletes no account.`);
  return deletedAccountId;
}
