import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../src/stores/postgres/migrations/index.ts';
import { migrate } from '../../src/stores/postgres/migrations/migrate.ts';
import type { Migration } from '../../src/stores/postgres/migrations/migration.ts';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { report } from './reports.ts';

const tables = [
  ...['accounts', 'webhooks', 'webhook_versions', 'webhook_secrets', 'senders', 'api_keys', 'tasks', 'audit'],
  ...['events', 'event_identities', 'waiting', 'deliveries', 'attempts', 'processes', 'shard_leases'],
];
/** As a later version may have it: it locks every table that gateways of this version read and write. */
const wide: Migration = {
  number: (migrations.at(-1)?.number ?? 0) + 1,
  name: 'wide',
  sql: [
    ...tables.map((table) => `alter table ${table} add column later integer not null default 7;`),
    'create index waiting_later on waiting (account, seq);',
  ].join('\n'),
};

describe('gateways of this version, while a later one changes the schema', () => {
  const databases = createTestDatabases();
  const clients: pg.Client[] = [];
  let url: string;
  let env: Record<string, string>;
  let receiver: Receiver;
  let gateways: GatewayFixture[];

  beforeEach(async () => {
    receiver = await createReceiver(() => ({ status: 200 }));
    url = await databases.of('upgraded');
    env = {
      HOOKWIRE_DATABASE_URL: url,
      HOOKWIRE_MASTER_KEY: 'a passphrase that both of them have',
      HOOKWIRE_CALLS_PER_SECOND_OF_ADDRESS: 'off',
      HOOKWIRE_CALLS_PER_SECOND_OF_KEY: 'off',
    };
    gateways = [await openGateway({ env }), await openGateway({ env })];
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
    for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    await receiver.close();
    await databases.remove();
  });

  async function connected(): Promise<pg.Client> {
    const client = new pg.Client(url);
    await client.connect();
    clients.push(client);
    return client;
  }

  it('refuse nothing, deliver all once, and go on behind it, although somebody reads for long', async () => {
    const [one, other] = gateways as [GatewayFixture, GatewayFixture];
    const accountId = await one.createAccount();
    for (let i = 0; i < 6; i++) {
      const settings = i % 2 === 0 ? {} : { ordered: true };
      await one.createWebhook(accountId, { url: `${receiver.url}/${i}`, settings });
    }
    let sent = 0;
    /** Hands an event in at each, one after another. @throws where it is not accepted */
    const hand = async (): Promise<void> => {
      for (const gateway of [one, other]) await gateway.accept(report(accountId, `message-${sent++}`));
    };
    const untilThere = () =>
      eventually(
        () => receiver.requests.length,
        (arrived) => arrived >= 6 * sent,
      );
    // Each statement has been asked before, so that connections keep it.
    for (let n = 0; n < 3; n++) await hand();
    await untilThere();

    const [reading, changing] = [await connected(), await connected()];
    await reading.query('begin; select count(*) from events');
    const waits: string[] = [];
    let isChanged = false;
    const migrating = migrate(changing, [...migrations, wide], { warn: (words) => waits.push(words) }).then(
      () => {
        isChanged = true;
      },
    );
    while (waits.length === 0) await hand();
    for (let n = 0; n < 5; n++) await hand();
    expect(isChanged).toBe(false);
    await reading.query('commit');
    while (!isChanged) await hand();
    await migrating;
    for (let n = 0; n < 5; n++) await hand();

    // What is changed of the configuration is written and heard of as before.
    const added = await one.createWebhook(accountId, { url: `${receiver.url}/added` });
    await other.accept(report(accountId, 'after'));
    sent++;
    await eventually(
      () => receiver.requests.length,
      (arrived) => arrived >= 6 * sent + 1,
    );
    expect((await other.api('DELETE', `/v1/webhooks/${added.id}`)).status).toBeLessThan(300);

    const paths = Map.groupBy(receiver.requests, ({ path }) => path);
    expect(Object.fromEntries([...paths].map(([path, of]) => [path, of.length]))).toEqual({
      ...Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`/${i}`, sent])),
      '/added': 1,
    });
    const { rows } = await changing.query<{ states: number; later: number }>(
      'select count(distinct state)::integer as states, min(later) as later from deliveries',
    );
    expect(rows).toEqual([{ states: 1, later: 7 }]);
  });

  it('go on when one of them is started again, which is told that the schema is newer and what to do', async () => {
    const [one] = gateways as [GatewayFixture];
    const accountId = await one.createAccount();
    await one.createWebhook(accountId, { url: receiver.url });
    await migrate(await connected(), [...migrations, wide]);
    await gateways.pop()?.[Symbol.asyncDispose]();
    const again = openGateway({ env });
    await expect(again).rejects.toMatchObject({ code: 'schema_mismatch' });
    await expect(again).rejects.toThrow(
      new RegExp(`newer Hookwire: .* step ${wide.number} \\(wide\\).* go on\\. Start the newer version`),
    );
    await one.accept(report(accountId, 'message'));
    await eventually(
      () => receiver.requests.length,
      (arrived) => arrived === 1,
    );
  });
});
