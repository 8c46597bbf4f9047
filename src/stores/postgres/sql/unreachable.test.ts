import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createOrdinaryParts } from '../../sql/ordinary.ts';
import { migrate } from '../migrations/migrate.ts';
import { createPool } from '../pool.ts';
import { storeCipher } from '../testing/ordinary-places.ts';
import { type PostgresServer, startPostgres } from '../testing/server.ts';
import { createPostgresDatabase } from './database.ts';

const disposal = new AsyncDisposableStack();
let server: PostgresServer;
let store: ReturnType<typeof createOrdinaryParts>;

beforeAll(async () => {
  server = await startPostgres();
  disposal.defer(() => server.remove());
  const pool = createPool({ url: server.url('postgres'), most: 4 });
  disposal.defer(() => pool.end());
  const client = await pool.connect();
  await migrate(client).finally(() => client.release());
  store = createOrdinaryParts(createPostgresDatabase(pool), storeCipher, createManualClock());
});
afterAll(() => disposal.disposeAsync());

it('tells callers to try again while the database is away, and goes on when it is back', async () => {
  const account = (id: string) => store.directory.createAccount({ id, name: 'Acme', createdAt: 0 });
  const page = { limit: 10, cursor: null };
  const away = { code: 'overloaded', retryAfterSeconds: 5 };
  await account('acc_1');
  for (const how of ['fast', 'immediate'] as const) {
    await server.stop(how);
    await expect(store.directory.getAccount('acc_1')).rejects.toMatchObject(away);
    await expect(store.directory.listAccounts(page)).rejects.toMatchObject(away);
    await expect(account('acc_2')).rejects.toMatchObject(away);
    await server.start();
    expect(await store.directory.getAccount('acc_1')).toMatchObject({ name: 'Acme' });
    expect((await store.directory.listAccounts(page)).data).toHaveLength(1);
    expect(await account('acc_1')).toBeNull();
  }
});

it('loses no more than the calls whose connections are cut, again and again', async () => {
  const { directory } = store;
  const cutter = new pg.Client(server.url('postgres'));
  await cutter.connect();
  const others = 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()';
  const made: string[] = [];
  for (let round = 0; round < 30; round++) {
    const ids = Array.from({ length: 6 }, (_, i) => `cut_${round}_${i}`);
    const calls = Promise.allSettled(
      ids.flatMap((id) => [
        directory
          .createAccount({ id, name: 'Acme', createdAt: 1 })
          .then((account) => account && made.push(id)),
        directory.getAccount(id),
        directory.listAccounts({ limit: 2, cursor: null }),
      ]),
    );
    await cutter.query(`${others} and backend_type = 'client backend'`);
    for (const { status, ...outcome } of await calls) {
      if (status === 'rejected') expect(outcome).toMatchObject({ reason: { code: 'overloaded' } });
    }
  }
  await cutter.end();
  for (const id of made) expect(await directory.getAccount(id)).toMatchObject({ id });
  expect(made.length).toBeGreaterThan(0);
});

it('does not call an error of ours the database’s', async () => {
  const key = { id: 'key_1', accountId: null, name: 'a', scopes: [], createdAt: 0 };
  await store.directory.createKey(key, 'hash');
  await expect(store.directory.createKey(key, 'hash')).rejects.toMatchObject({ code: '23505' });
});
