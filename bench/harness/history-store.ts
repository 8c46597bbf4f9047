import type { Clock } from '../../src/core/clock.ts';
import { dayMs } from '../../src/core/keeping.ts';
import type { OpenStore } from '../../src/stores/conformance/open-store.ts';
import { createPostgresHistory } from '../../src/stores/postgres/history/history.ts';
import { migrate } from '../../src/stores/postgres/migrations/migrate.ts';
import { createPool } from '../../src/stores/postgres/pool.ts';
import { createQuestions } from '../../src/stores/postgres/questions/questions.ts';
import { daysAhead, makePartitions } from '../../src/stores/postgres/retention/partitions.ts';
import { createPostgresDatabase } from '../../src/stores/postgres/sql/database.ts';
import { openLog } from '../../src/stores/postgres/testing/log-places.ts';
import { startPostgres } from '../../src/stores/postgres/testing/server.ts';
import { createCipher } from '../../src/stores/secrets/cipher.ts';
import { createOrdinaryParts } from '../../src/stores/sql/ordinary.ts';
import { openJoinedStore } from '../../src/stores/sqlite/testing/joined-store.ts';
import { removeDirectory, temporaryDirectory } from './children.ts';

/** A store of its own, to be filled and asked. */
export interface HistoryStore extends Pick<OpenStore, 'log' | 'directory' | 'history'> {
  /** Closes it and takes its files away. */
  remove(): Promise<void>;
}

const key = Buffer.alloc(32, 7);

/** @param days for which there are to be partitions from now on, where the store has any */
export async function openHistoryStore(
  kind: 'sqlite' | 'postgres',
  clock: Clock,
  days: number,
): Promise<HistoryStore> {
  return kind === 'sqlite' ? openSqlite(clock) : openPostgres(clock, days);
}

async function openSqlite(clock: Clock): Promise<HistoryStore> {
  const dataDir = temporaryDirectory('history');
  const store = await openJoinedStore({
    dataDir,
    cipher: createCipher(key.toString('base64')),
    clock,
    onDeath: (error) => {
      throw error;
    },
  });
  return {
    ...store,
    async remove() {
      await store.close();
      removeDirectory(dataDir);
    },
  };
}

/** As quick as tests want it while it is filled: what is measured reads. */
async function openPostgres(clock: Clock, days: number): Promise<HistoryStore> {
  const server = await startPostgres({ settings: { shared_buffers: '256MB', max_connections: '100' } });
  const url = server.url('postgres');
  const pool = createPool({ url, most: 8 });
  const client = await pool.connect();
  await migrate(client);
  for (let day = 0; day <= days; day += daysAhead) await makePartitions(client, clock.now() + day * dayMs);
  client.release();
  const questionPool = createPool({ url, most: 4 });
  const questions = createQuestions(questionPool);
  const { log } = await openLog({ url, clock });
  const cipher = createCipher(key.toString('hex'));
  return {
    ...createOrdinaryParts(createPostgresDatabase(pool), cipher, clock),
    log,
    history: createPostgresHistory({ questions, clock, numberKey: new Uint8Array(32).fill(7) }),
    async remove() {
      await log.close();
      await Promise.all([pool.end(), questionPool.end()]);
      await server.remove();
    },
  };
}
