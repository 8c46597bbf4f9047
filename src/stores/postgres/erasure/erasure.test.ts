import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import type { Clock } from '../../../core/clock.ts';
import { erasureConformance } from '../../conformance/erasure.ts';
import type { OpenStore } from '../../conformance/open-store.ts';
import { createOrdinaryParts } from '../../sql/ordinary.ts';
import { createPostgresHistory } from '../history/history.ts';
import { migrate } from '../migrations/migrate.ts';
import { createPool } from '../pool.ts';
import { createQuestions } from '../questions/questions.ts';
import { createPostgresRetention } from '../retention/retention.ts';
import { createPostgresDatabase } from '../sql/database.ts';
import { createPostgresStats } from '../stats/stats.ts';
import { openLog } from '../testing/log-places.ts';
import { storeCipher } from '../testing/ordinary-places.ts';
import { type PostgresServer, startPostgres } from '../testing/server.ts';
import { contentsOf } from '../testing/server-files.ts';
import { createPostgresErasures } from './erasures.ts';

const numberKey = new Uint8Array(32).fill(7);
const databases = new Map<string, string>();
// One of their own: all of its files are searched.
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ settings: { wal_recycle: 'off', autovacuum: 'off' } });
});
afterAll(() => server.remove());

async function databaseOf(place: string): Promise<string> {
  const known = databases.get(place);
  if (known !== undefined) return known;
  const name = `place_${databases.size}`;
  databases.set(place, name);
  await asked('postgres', `create database ${name}`);
  const client = new pg.Client(server.url(name));
  await client.connect();
  await migrate(client).finally(() => client.end());
  return name;
}

async function asked(database: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client(server.url(database));
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function open(place: string, clock: Clock): Promise<OpenStore> {
  const url = server.url(await databaseOf(place));
  const pool = createPool({ url, most: 8 });
  const database = createPostgresDatabase(pool);
  const questions = createQuestions(pool);
  const { log } = await openLog({ url, clock });
  return {
    ...createOrdinaryParts(database, storeCipher, clock),
    log,
    history: createPostgresHistory({ questions, clock, numberKey }),
    stats: createPostgresStats(pool, questions),
    retention: createPostgresRetention({ pool, numberKey, isBusy: () => false }),
    erasures: createPostgresErasures({ pool, database, cipher: storeCipher, numberKey }),
    async close() {
      await log.close();
      await pool.end();
    },
  } as Partial<OpenStore> as OpenStore;
}

/** All files of the server, when everything is written to them and its log has gone on. */
async function bytesOf(place: string): Promise<readonly Buffer[]> {
  const goOn = ['analyze', 'checkpoint', 'select pg_switch_wal()', 'checkpoint'];
  await asked(await databaseOf(place), ...goOn);
  return contentsOf(server);
}

erasureConformance('PostgreSQL', open, bytesOf);
