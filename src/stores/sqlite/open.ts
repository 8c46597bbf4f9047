import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import { makeDirectory } from '../../core/make-directory.ts';
import type { BesideStore, Store } from '../ports/store.ts';
import type { Cipher } from '../secrets/cipher.ts';
import { createSqlDirectory } from '../sql/directory/directory.ts';
import { createOrdinaryParts } from '../sql/ordinary.ts';
import { openNumberKey } from '../sql/sealing/gateway-secrets.ts';
import { createSqlSealing } from '../sql/sealing/sealing.ts';
import { createSqliteErasures } from './erasure/erasures.ts';
import { createSqliteHistory } from './history/history.ts';
import { openDatabase } from './open-database.ts';
import { keepPrivate } from './private-files.ts';
import { createSqliteRetention } from './retention/retention.ts';
import { startKeeper } from './search/keeper/keeper-thread.ts';
import { createSqliteStats } from './stats/stats.ts';
import { createSqliteWatch } from './stats/watch.ts';
import { createStoreDialect } from './thread/kysely-dialect.ts';
import { createSqliteDatabase } from './thread/sql-database.ts';
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
  /** Hears what keeps the search index from being kept in order, again with each try, and `null` when nothing does any more. */
  readonly onIndexTrouble?: (problem: string | null) => void;
  /** Told what others of the machine may read. */
  readonly warn?: (message: string) => void;
  /** Couriers that will have a part of the log each, over {@link SqliteStore.courierPorts}; at least one. */
  readonly couriers: number;
}

/** The embedded store, and what there is of it alone. */
export interface SqliteStore extends Store {
  /** The couriers' ends of their connections with the writer thread, see `writer/courier-log.ts`. */
  readonly courierPorts: readonly MessagePort[];
}

/**
 * Opens the embedded store, made on first use, for one gateway.
 * @throws ThreadError with code `data_directory_locked` when another gateway has it
 * @throws {CipherError} `wrong_master_key` when no key that seals what is stored is at hand
 */
export async function openSqliteStore(options: SqliteOptions): Promise<SqliteStore> {
  const { dataDir, clock, onDeath, onIndexTrouble: trouble = () => {} } = options;
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
  const database = createSqliteDatabase(threads);
  const keeper = startKeeper(file, turns, { onFailure: onDeath, trouble });
  const close = async (): Promise<void> => {
    await keeper.close();
    await threads.close();
    await closeLog();
  };
  const ordinary = createOrdinaryParts(database, options.cipher, clock);
  await openSealed().catch(async (error) => {
    await close();
    throw error;
  });

  async function openSealed(): Promise<void> {
    await ordinary.sealing.check();
    const key = await openNumberKey(database, options.cipher);
    const users = [thread.ask('useNumberKey', key), desk.ask('useNumberKey', key)];
    await Promise.all([...users, reader.useNumberKey(key)]);
  }

  return {
    ...ordinary,
    log,
    courierPorts: channels.map(({ port2 }) => port2),
    history: createSqliteHistory(reader),
    stats: createSqliteStats(desk, reader),
    erasures: createSqliteErasures(thread, threads, database, options.cipher),
    portalDatabase: { dialect: createStoreDialect(threads), type: 'sqlite' },
    watch: createSqliteWatch(reader, file),
    retention: createSqliteRetention(thread),
    close,
  };
}

/** For commands that may run beside a gateway. */
export async function openSqliteDirectory(
  options: Omit<SqliteOptions, 'onDeath' | 'couriers'>,
): Promise<BesideStore> {
  const file = join(options.dataDir, 'hookwire.db');
  makeDirectory(options.dataDir);
  keepPrivate(options.dataDir, options.warn);
  openDatabase(file, 'desk').close();
  const threads = await openThreads(file);
  const database = createSqliteDatabase(threads);
  return {
    directory: createSqlDirectory(database, options.cipher, options.clock),
    sealing: createSqlSealing(database, options.cipher),
    close: () => threads.close(),
  };
}
