import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, systemClock } from '../../../core/clock.ts';
import type { Handlers } from '../../../core/threads/connection.ts';
import type { Closable, Thread } from '../../../core/threads/thread.ts';
import { createCipher } from '../../secrets/cipher.ts';
import { createSqlAudit } from '../../sql/audit/audit.ts';
import { createSqlPortalLinks } from '../../sql/audit/portal-links.ts';
import { createSqlDirectory } from '../../sql/directory/directory.ts';
import { deskOf } from '../desk/desk.ts';
import { createDeskCalls, type DeskCalls } from '../desk/desk-calls.ts';
import { migrate } from '../migrations/migrate.ts';
import { readerOf } from '../reader/reader.ts';
import { createReaderCalls } from '../reader/reader-calls.ts';
import { createSqliteDatabase } from '../thread/sql-database.ts';
import { createWriteTurns } from '../thread/write-turns.ts';

/** What people make, in the real store on a database in memory, with desk and reader in this thread: for tests of what uses it. */
export function openMemoryStore(clock: Pick<Clock, 'now'> = systemClock) {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const desk = deskOf(
    threadHere<DeskCalls>({
      ...createDeskCalls(db, createWriteTurns(null)),
      wipe: () => null,
      close: () => {},
    }),
  );
  const reader = readerOf(threadHere(createReaderCalls(db)));
  const database = createSqliteDatabase({ desk, reader });
  return {
    directory: createSqlDirectory(database, createCipher(randomBytes(32).toString('hex')), clock),
    audit: createSqlAudit(database),
    portalLinks: createSqlPortalLinks(database),
  };
}

/** A thread that is this one. What would be cloned on its way to another is. */
function threadHere<C extends Closable>(handlers: Handlers<C>): Thread<C> {
  return {
    async ask(call, ...args) {
      const answer = await handlers[call](...structuredClone(args));
      return structuredClone(answer);
    },
    async close() {},
  };
}
