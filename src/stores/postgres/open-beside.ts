import type { Clock } from '../../core/clock.ts';
import type { StoredConfiguration } from '../ports/configuration.ts';
import type { BesideStore } from '../ports/store.ts';
import type { Cipher } from '../secrets/cipher.ts';
import type { Decide } from '../sql/configuration/change-configuration.ts';
import { createSqlDirectory } from '../sql/directory/directory.ts';
import { createSqlSealing } from '../sql/sealing/sealing.ts';
import { changeWholeConfiguration, readWholeConfiguration } from './configuration/configuration.ts';
import { onConnection } from './connection.ts';
import { layOut } from './lay-out.ts';
import { refuseMoved } from './moving/refuse-moved.ts';
import { createPool } from './pool.ts';
import { createPostgresDatabase } from './sql/database.ts';

/** What a command may use beside gateways that may be at work on the same database. */
export interface BesidePostgres extends BesideStore {
  readConfiguration(): Promise<StoredConfiguration>;
  /** As `changeWholeConfiguration`; gateways that are at work hear of what it changes. */
  changeConfiguration<T>(decide: Decide<T>): Promise<T>;
}

/** Opens what commands use, laid out on first use. @throws {DatabaseUnusableError} and {MovedStoreError} */
export async function openPostgresDirectory(
  url: string,
  cipher: Cipher,
  clock: Pick<Clock, 'now'>,
): Promise<BesidePostgres> {
  const pool = createPool({ url, most: 2 });
  await prepare().catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const database = createPostgresDatabase(pool);

  async function prepare(): Promise<void> {
    await layOut(pool, url);
    await onConnection(pool, refuseMoved);
  }

  return {
    directory: createSqlDirectory(database, cipher, clock),
    sealing: createSqlSealing(database, cipher),
    readConfiguration: () => readWholeConfiguration(pool, cipher),
    changeConfiguration: (decide) => changeWholeConfiguration(pool, cipher, clock.now(), decide),
    close: () => pool.end(),
  };
}
