import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway, operatorKey } from '../../src/testing/gateway-fixture.ts';
import { openLive } from '../../src/testing/live-client.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { report } from './reports.ts';

interface ShownTask {
  readonly state: string;
  readonly total: number | null;
  readonly done: number;
  readonly receipt: { readonly counts: Readonly<Record<string, number>> } | null;
}

interface ShownDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly attemptCount: number;
}

interface ShownProcess {
  readonly id: string;
  readonly shards: number;
  readonly leads: boolean;
  readonly isThis: boolean;
  readonly inFlight: number | null;
}

const webhooks = 12;
/** One request for many reports, so that an outage of hundreds is no more than a few failures. */
const inLists = { batch: { maxItems: 100, maxWaitMs: 100 }, retry: { maxAttempts: 1 } };

describe('several gateways on one database do whatever any of them is asked', () => {
  const databases = createTestDatabases();
  let receiver: Receiver;
  let isUp: boolean;
  let gateways: GatewayFixture[];
  let accountId: string;
  let webhookIds: string[];

  async function open(env: Record<string, string>): Promise<GatewayFixture> {
    const gateway = await openGateway({ env });
    gateways.push(gateway);
    return gateway;
  }

  beforeAll(async () => {
    gateways = [];
    const env = {
      HOOKWIRE_DATABASE_URL: await databases.of('asked'),
      HOOKWIRE_MASTER_KEY: 'a passphrase that all of them have',
      HOOKWIRE_COURIERS: '1',
      HOOKWIRE_CALLS_PER_SECOND_OF_ADDRESS: 'off',
      HOOKWIRE_CALLS_PER_SECOND_OF_KEY: 'off',
    };
    for (let i = 0; i < 3; i++) await open(env);
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    isUp = true;
    receiver = await createReceiver(() => ({ status: isUp ? 200 : 500 }));
    accountId = await at(0).createAccount();
    webhookIds = [];
    for (let i = 0; i < webhooks; i++) {
      const parts = { url: `${receiver.url}/${i}`, settings: inLists };
      webhookIds.push((await at(i).createWebhook(accountId, parts)).id);
    }
  });
  afterEach(() => receiver.close());

  /** Any of them, by turns. */
  const at = (i: number): GatewayFixture => gateways[i % gateways.length] as GatewayFixture;

  async function list(gateway: GatewayFixture, query: string): Promise<readonly ShownDelivery[]> {
    const path = `/v1/deliveries?accountId=${accountId}&limit=500&${query}`;
    return (await gateway.api<{ data: ShownDelivery[] }>('GET', path)).body.data;
  }

  const until = (query: string, count: number) =>
    eventually(
      () => list(at(0), query),
      ({ length }) => length === count,
    );

  async function task(gateway: GatewayFixture, id: string): Promise<ShownTask> {
    const { status, body } = await gateway.api<ShownTask>('GET', `/v1/tasks/${id}`);
    expect(status).toBe(200);
    return body;
  }

  const ended = (gateway: GatewayFixture, id: string) =>
    eventually(
      () => task(gateway, id),
      ({ state }) => state === 'done',
    );

  async function fail(reports: number): Promise<void> {
    isUp = false;
    const events = Array.from({ length: reports }, (_, i) => report(accountId, `m-${i}`));
    await at(1).accept(events);
    await until('state=failed', reports * webhooks);
    isUp = true;
  }

  it('send one delivery again, whoever sends to its webhook', async () => {
    await fail(1);
    for (const [i, { id }] of (await list(at(0), 'state=failed')).entries())
      expect((await at(i).api('POST', `/v1/deliveries/${id}/replay`)).status).toBe(202);
    const delivered = await until('state=delivered', webhooks);
    expect(delivered.map(({ attemptCount }) => attemptCount)).toEqual(Array(webhooks).fill(2));
  });

  it('recover what failed, in a task that every one shows', async () => {
    await fail(20);
    const ids: string[] = [];
    for (const [i, id] of webhookIds.entries()) {
      const from = new Date(Date.now() - 600_000).toISOString();
      // As many as an account may have under way.
      if (i % 3 > 0) continue;
      const made = await at(i / 3).api<{ taskId: string }>('POST', `/v1/webhooks/${id}/recover`, { from });
      expect(made.status).toBe(202);
      ids.push(made.body.taskId);
    }
    for (const [i, id] of ids.entries())
      expect(await ended(at(i + 1), id)).toMatchObject({ total: 20, done: 20 });
    await until('state=delivered', 80);
  });

  it('send nothing as it was before, when the change of a webhook is answered', async () => {
    for (const [i, id] of webhookIds.entries()) {
      const path = `/v1/webhooks/${id}`;
      const { product, reportType, method, parameterNames } = (
        await at(i + 1).api<Record<string, unknown>>('GET', path)
      ).body;
      const url = `${receiver.url}/changed-${i}`;
      const body = { product, reportType, method, parameterNames, url };
      expect((await at(i + 1).api('PUT', path, body)).status).toBe(200);
      await at(i + 2).accept(report(accountId, `after-${i}-`));
    }
    await until('state=delivered', webhooks * webhooks);
    const late = receiver.requests.filter(({ path, body }) => {
      const messages = [...body.toString().matchAll(/after-(\d+)-/g)].map(([, message]) => Number(message));
      return messages.some((message) => Number(path.slice(1)) <= message);
    });
    expect(late.map(({ path, body }) => `${path} ${body}`)).toEqual([]);
  });

  it('send nothing to a webhook whose deletion is answered', async () => {
    for (const [i, id] of webhookIds.entries()) {
      expect((await at(i + 1).api('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    }
    const before = receiver.requests.length;
    await at(2).accept(report(accountId, 'late'));
    expect(await list(at(0), 'state=delivered')).toEqual([]);
    expect(receiver.requests.length).toBe(before);
  });

  it('tell of each other', async () => {
    for (const gateway of gateways) {
      const shown = await eventually(
        async () => (await gateway.api<{ processes: ShownProcess[] }>('GET', '/v1/gateway')).body.processes,
        (processes) =>
          processes.reduce((sum, { shards }) => sum + shards, 0) === 256 &&
          processes.every(({ inFlight }) => inFlight !== null),
      );
      expect(shown).toHaveLength(3);
      expect(shown.filter(({ leads }) => leads)).toMatchObject([{ id: shown[0]?.id }]);
      expect(shown.filter(({ isThis }) => isThis)).toHaveLength(1);
      const ready = await gateway.api<{ detail: string }>('GET', '/readyz');
      expect(ready.body.detail).toMatch(/3 gateways share the work; this one has \d+ of 256 parts of it/);
    }
  });

  it('show in a live stream what every one sends', async () => {
    await using client = await openLive(`${at(0).gateway.url}/v1/live?accountId=${accountId}`, operatorKey);
    let last = 0;
    // The others hear within a moment that somebody listens.
    const seen = await eventually(
      async () => {
        await at(1).accept(report(accountId, `live-${last++}`));
        return webhookIds.filter((id) => client.text.includes(id));
      },
      ({ length }) => length === webhooks,
    );
    expect(seen).toEqual(webhookIds);
  });

  it('erase a person, and remove an account', async () => {
    await at(0).accept(Array.from({ length: 5 }, (_, i) => report(accountId, `mine-${i}`)));
    await until('state=delivered', 5 * webhooks);
    const asked = { accountId, mobileNumber: '+91 98123 45678', waiting: 'drop' };
    const made = await at(1).api<{ taskId: string }>('POST', '/v1/erasures', asked);
    expect(made.status).toBe(202);
    expect((await ended(at(0), made.body.taskId)).receipt?.counts).toMatchObject({ events: 5 });
    const deletion = await at(2).api<{ taskId: string }>('DELETE', `/v1/accounts/${accountId}`);
    expect((await ended(at(1), deletion.body.taskId)).receipt?.counts).toMatchObject({ webhooks });
    for (const gateway of gateways) {
      const answer = await gateway.api('POST', '/v1/events', report(accountId, 'gone'));
      expect(answer.status).toBe(422);
    }
  });

  it('go on with tasks when the one that has them stops', async () => {
    await fail(10);
    isUp = false;
    const body = { accountId, from: new Date(Date.now() - 600_000).toISOString() };
    const made = await at(2).api<{ taskId: string }>('POST', '/v1/deliveries/replay', body);
    expect(made.status).toBe(202);
    // The first has led since the start.
    await eventually(
      () => task(at(1), made.body.taskId),
      ({ total }) => total === 10 * webhooks,
    );
    const first = gateways.shift();
    await first?.[Symbol.asyncDispose]();
    isUp = true;
    expect(await ended(at(1), made.body.taskId)).toMatchObject({ total: 10 * webhooks });
  });
});
