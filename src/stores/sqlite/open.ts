import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import { makeDirectory } from '../../core/make-directory.ts';
import type { Directory } from '../ports/directory.ts';
import type { Sealing } from '../ports/sealing.ts';
import type { Store } from '../ports/store.ts';
import type { Cipher } from '../secrets/cipher.ts';
import { createSqliteAudit } from './audit/audit.ts';
import { createSqlitePortalLinks } from './audit/portal-links.ts';
import { createSqliteDirectory } from './directory/directory.ts';
import { openNumberKey } from './directory/number-key.ts';
import { createSqliteSealing } from './directory/sealing.ts';
import { createSqliteErasures } from './erasure/erasures.ts';
import { createSqliteForgetting } from './forgetting/forgetting.ts';
import { createSqliteHistory } from './history/history.ts';
import { openDatabase } from './open-database.ts';
import { createSqliteAccess } from './people/access.ts';
import { createSqlitePeople } from './people/people.ts';
import { keepPrivate } from './private-files.ts';
import { createSqliteRetention } from './retention/retention.ts';
import { startKeeper } from './search/keeper/keeper-thread.ts';
import { createSqliteStats } from './stats/stats.ts';
import { createSqliteWatch } from './stats/watch.ts';
import { createSqliteTasks } from './tasks/tasks.ts';
import { createStoreDialect } from './thread/kysely-dialect.ts';
import { openThreads } from './thread/threads.ts';
import { createTurnsMemory } from './thread/write-turns.ts';
import { createSqliteEventLog } from './writer/event-log.ts';
import { startWriterThread } from './writer/writer-thread.ts';

export interface SqliteOptions {
  readonly dataDir: string;
  readonly cipher: Cipher;
  readonly clock: Clock;
  /** A thread of the store died: nothing can be accepted or recorded any more. */
  readonly onDeath: (error: Error) => void;
  /** Told what others of the machine may read. */
  readonly warn?: (message: string) => void;
  /** Couriers that will have a part of the log each, over {@link SqliteStore.courierPorts}; at least one. */
  readonly couriers: number;
}

/** The embedded store, and what there is of it alone. */
export interface SqliteStore extends Store {
  /** The couriers' ends of their connections with the writer thread, see `writer/courier-log.ts`. */
  readonly courierPorts: readonly MessagePort[];
  readonly sealing: Sealing;
}

/**
 * Opens the embedded store, made on first use, for one gateway.
 * @throws ThreadError with code `data_directory_locked` when another gateway has it
 * @throws {CipherError} `wrong_master_key` when no key that seals what is stored is at hand
 */
export async function openSqliteStore(options: SqliteOptions): Promise<SqliteStore> {
  const { dataDir, clock, onDeath } = options;
  makeDirectory(dataDir);
  keepPrivate(dataDir, options.warn);
  const turns = createTurnsMemory();
  const channels = Array.from({ length: options.couriers }, () => new MessageChannel());
  const couriers = channels.map(({ port1 }) => port1);
  const thread = await startWriterThread(dataDir, { onFailure: onDeath, turns, couriers });
  const log = createSqliteEventLog(thread, clock);
  const file = join(dataDir, 'hookwire.db');
  const descriptor = openSync(file, 'r+');
  let isOpen = true;
  const closeLog = async (): Promise<void> => {
    await log.close();
    // Last: it takes the locks with it that SQLite has on the file for this process.
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  const threads = await openThreads(file, onDeath, { turns, descriptor }).catch(async (error) => {
    await closeLog();
    throw error;
  });
  const { desk, reader } = threads;
  const keeper = startKeeper(file, turns, { onFailure: onDeath });
  const close = async (): Promise<void> => {
    await keeper.close();
    await threads.close();
    await closeLog();
  };
  const sealing = createSqliteSealing(desk, options.cipher);
  await openSealed().catch(async (error) => {
    await close();
    throw error;
  });

  async function openSealed(): Promise<void> {
    await sealing.check();
    const key = await openNumberKey(desk, options.cipher);
    const users = [thread.ask('useNumberKey', key), desk.ask('useNumberKey', key)];
    await Promise.all([...users, reader.useNumberKey(key)]);
  }

  return {
    log,
    courierPorts: channels.map(({ port2 }) => port2),
    directory: createSqliteDirectory(threads, options.cipher, clock),
    history: createSqliteHistory(reader),
    stats: createSqliteStats(desk, reader),
    tasks: createSqliteTasks(threads),
    erasures: createSqliteErasures(thread, threads, options.cipher),
    people: createSqlitePeople(threads),
    access: createSqliteAccess(desk),
    portalDatabase: createStoreDialect(threads),
    audit: createSqliteAudit(threads),
    portalLinks: createSqlitePortalLinks(desk),
    sealing,
    forgetting: createSqliteForgetting(desk),
    watch: createSqliteWatch(reader, file),
    retention: createSqliteRetention(thread),
    close,
  };
}

/** What a command may use beside a gateway that may be running on the same data directory. */
export interface BesideStore {
  readonly directory: Directory;
  readonly sealing: Sealing;
  close(): Promise<void>;
}

export async function openSqliteDirectory(
  options: Omit<SqliteOptions, 'onDeath' | 'couriers'>,
): Promise<BesideStore> {
  const file = join(options.dataDir, 'hookwire.db');
  makeDirectory(options.dataDir);
  keepPrivate(options.dataDir, options.warn);
  openDatabase(file, 'desk').close();
  const threads = await openThreads(file);
  return {
    directory: createSqliteDirectory(threads, options.cipher, options.clock),
    sealing: createSqliteSealing(threads.desk, options.cipher),
    close: () => threads.close(),
  };
}
