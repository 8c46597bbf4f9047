import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../src/stores/postgres/testing/server.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { grepFiles } from '../erasure/grep-files.ts';
import { report } from './reports.ts';

const number = '919812345678';
const other = '14155550123';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ settings: { wal_recycle: 'off' } });
});
afterAll(() => server.remove());

interface ShownTask {
  readonly state: string;
  readonly receipt: { readonly counts: Readonly<Record<string, number>> } | null;
}

async function ended(gateway: GatewayFixture, taskId: string): Promise<ShownTask> {
  return eventually(
    async () => (await gateway.api<ShownTask>('GET', `/v1/tasks/${taskId}`)).body,
    ({ state }) => state === 'done',
  );
}

/** Where a number stands in the files of the server, when all is written to them and its log has gone on. */
async function inFiles(text: string): Promise<readonly unknown[]> {
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  for (const statement of ['analyze', 'checkpoint', 'select pg_switch_wal()', 'checkpoint'])
    await client.query(statement);
  await client.end();
  return grepFiles(join(server.directory, 'data'), text);
}

it('a person who is erased, and an account that is deleted, are in no file of PostgreSQL any more', async () => {
  const env = {
    HOOKWIRE_DATABASE_URL: server.url('postgres'),
    HOOKWIRE_MASTER_KEY: 'a passphrase of a test',
  };
  await using receiver = await createReceiver(() => ({ status: 200, body: `got ${number}` }));
  await using gateway = await openGateway({ env });
  const [accountId, goes] = [await gateway.createAccount(), await gateway.createAccount()];
  for (const id of [accountId, goes]) await gateway.createWebhook(id, { url: `${receiver.url}/dlr` });
  const encoded = [0, 1, 2].map((moved) => Buffer.from('x'.repeat(moved) + number).toString('base64'));
  const attributes = { hex: Buffer.from(number).toString('hex'), encoded };
  const theirs = Array.from({ length: 40 }, (_, i) => ({
    ...report(accountId, `m-${i}`),
    ...{ mobileNumber: number, attributes },
    ...(i % 7 === 0 && { id: `own-${number}-${i}` }),
  }));
  const others = Array.from({ length: 40 }, (_, i) => ({
    ...report(accountId, `o-${i}`),
    ...{ mobileNumber: other, attributes: i % 3 === 0 ? attributes : {} },
  }));
  const gone = Array.from({ length: 10 }, (_, i) => ({
    ...report(goes, `g-${i}`),
    mobileNumber: '4915112345678',
  }));
  const { events } = await gateway.accept([...theirs, ...others, ...gone]);
  await gateway.idle();
  expect(await inFiles(number)).not.toEqual([]);

  const asked = { mobileNumber: '+91 (98123) 45-678', waiting: 'drop' };
  const { body } = await gateway.api<{ taskId: string }>('POST', '/v1/erasures', asked);
  const { receipt } = await ended(gateway, body.taskId);
  expect(receipt?.counts).toMatchObject({ events: 40, deliveries: 40, attempts: 40, mentions: 14 });
  expect(await gateway.deliveryOf(events[1]?.id)).toMatchObject({ state: 'delivered' });

  const deletion = await gateway.api<{ taskId: string }>('DELETE', `/v1/accounts/${goes}`);
  expect((await ended(gateway, deletion.body.taskId)).receipt?.counts).toMatchObject({
    events: 10,
    webhooks: 1,
  });

  for (const text of [number, '4915112345678']) expect(await inFiles(text), text).toEqual([]);
  expect(await inFiles(other)).not.toEqual([]);
  expect(grepFiles(gateway.dataDir, number)).toEqual([]);
});
