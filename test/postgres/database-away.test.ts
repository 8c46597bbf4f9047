import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../src/stores/postgres/testing/server.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { report } from './reports.ts';

let server: PostgresServer;
let receiver: Receiver;
let gateway: GatewayFixture;
let accountId: string;

beforeAll(async () => {
  server = await startPostgres({ durable: true });
  receiver = await createReceiver();
  gateway = await openGateway({ env: { HOOKWIRE_DATABASE_URL: server.url('postgres') } });
  accountId = await gateway.createAccount();
  await gateway.createWebhook(accountId, { url: `${receiver.url}/hook` });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await receiver.close();
  await server.remove();
});

const arrived = (): string[] =>
  receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { msg_id: string }).msg_id);

/** Hands events in one after another, until so many were accepted. */
async function acceptSome(count: number, prefix: string): Promise<{ accepted: string[]; refused: number }> {
  const accepted: string[] = [];
  let refused = 0;
  for (let i = 0; accepted.length < count; i++) {
    const messageId = `${prefix}-${i}`;
    const { status, headers } = await gateway.api('POST', '/v1/events', report(accountId, messageId));
    if (status === 202) accepted.push(messageId);
    else {
      expect(status).toBe(503);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      refused++;
    }
  }
  return { accepted, refused };
}

it('while the database is away events are refused with when to come back, and what was accepted is delivered', async () => {
  const before = await acceptSome(20, 'before');
  await server.stop('immediate');
  const { status } = await gateway.api('POST', '/v1/events', report(accountId, 'away'));
  expect(status).toBe(503);
  await server.start();
  const after = await acceptSome(20, 'after');
  const all = [...before.accepted, ...after.accepted];
  await eventually(arrived, (ids) => all.every((id) => ids.includes(id)));
  await gateway.idle();
});

it('while the database is away and nobody hands anything in the gateway is not ready, until the database is back', async () => {
  const ready = () => gateway.api<{ ready: boolean; detail: string }>('GET', '/readyz');
  await eventually(ready, ({ status }) => status === 200);
  await server.stop('immediate');
  const { body } = await eventually(ready, ({ status }) => status === 503);
  expect(body).toEqual({
    ready: false,
    detail: 'The database does not answer; nothing is sent until it does.',
  });
  const { body: metrics } = await gateway.api<string>('GET', '/metrics');
  expect(metrics).toMatch(/^hookwire_store_writable 0$/m);
  // What is known of the others and of the work is the database's to say: no picture of before is shown as one of now.
  expect((await gateway.api('GET', '/v1/gateway')).status).toBe(503);
  await server.start();
  await eventually(ready, ({ status }) => status === 200);
});

it('connections that are cut one by one lose nothing that was accepted', async () => {
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  const cut = async (): Promise<void> => {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'hookwire' and pid <> pg_backend_pid() order by random() limit 2`,
    );
  };
  const accepted: string[] = [];
  for (let round = 0; round < 5; round++) {
    await cut();
    accepted.push(...(await acceptSome(10, `cut-${round}`)).accepted);
  }
  await client.end();
  await eventually(arrived, (ids) => accepted.every((id) => ids.includes(id)));
  await gateway.idle();
});
