import type { Sought } from '../../../core/traces.ts';
import type { Erasure, ErasureStore } from '../../ports/erasures.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { SqlDatabase } from '../../sql/sql-database.ts';
import { createSqlErasures } from '../../sql/tasks/erasures.ts';
import { erasureKey } from '../search/keeper/asked-to-forget.ts';
import type { Threads } from '../thread/threads.ts';
import type { WriterThread } from '../writer/writer-thread.ts';

/** Erasures on SQLite. */
export function createSqliteErasures(
  writer: Pick<WriterThread, 'ask' | 'commitsAsked'>,
  { desk, reader }: Threads,
  database: SqlDatabase,
  cipher: Cipher,
): ErasureStore {
  return {
    ...createSqlErasures(database, cipher),
    async storedSpan() {
      // Apart: SQLite looks up one end by itself, and reads the whole table for both.
      const [row] = await reader.look(
        'select (select min(seq) from events) as first, (select max(seq) from events) as last',
        [],
      );
      return { first: Number(row?.first ?? 0), last: Number(row?.last ?? 0) };
    },
    find: (erasure, after, upTo, look, mostMs) =>
      reader.ask(erasure.accountId, 'findTraces', {
        ...{ sought: soughtOf(erasure), accountId: erasure.accountId, after, upTo, look, mostMs },
      }),
    eraseEvents: (erasure, events, look) =>
      writer.ask(
        'eraseEvents',
        {
          ...{ erasure: erasure.id, sought: soughtOf(erasure), accountId: erasure.accountId, events, look },
          askedAt: erasure.createdAt,
        },
        writer.commitsAsked,
      ),
    eraseRest: (erasure, from) =>
      desk.ask('eraseRest', {
        ...{ erasure: erasure.id, sought: soughtOf(erasure), accountId: erasure.accountId, from },
      }),
    findOfAccount: (erasure, after, upTo, mostMs) =>
      reader.ask(null, 'findEventsOf', { accountId: deletedOf(erasure), after, upTo, mostMs }),
    deleteEvents: (erasure, events) =>
      writer.ask(
        'deleteEvents',
        { erasure: erasure.id, accountId: deletedOf(erasure), events },
        writer.commitsAsked,
      ),
    deleteRest: (erasure, from) =>
      desk.ask('deleteRest', { erasure: erasure.id, accountId: deletedOf(erasure), from }),

    async isForgotten({ id }) {
      // 0: from before it was known whose it is.
      const sql = 'select 1 from index_forgotten where erasure in (0, ?) limit 1';
      return (await reader.look(sql, [erasureKey(id)])).length === 0;
    },
    wipesAlone: true,
    wipe: (from) => desk.ask('wipe', from),
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
