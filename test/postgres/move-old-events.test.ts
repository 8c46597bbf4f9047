import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { createRecordedIo } from '../../src/cli/testing/recorded-io.ts';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createManualClock, type ManualClock } from '../../src/testing/manual-clock.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { openMovingDirectory } from '../moving/directory.ts';
import { report } from './reports.ts';

const databases = createTestDatabases();
afterAll(() => databases.remove());
const masterKey = { HOOKWIRE_MASTER_KEY: 'the master key of both' };
const day = 24 * 3_600_000;
const theirs = '917777000002';

interface ShownEvent {
  readonly contents: string;
  readonly deliveries: readonly { readonly id: string }[];
}

/** Moves the clock on until something is so. */
function pass<T>(clock: ManualClock, ask: () => Promise<T>, until: (answer: T) => boolean): Promise<T> {
  return eventually(async () => {
    clock.advance(1_000);
    await setImmediate();
    return ask();
  }, until);
}

async function foundBy(gateway: GatewayFixture, query: string): Promise<readonly string[]> {
  const { body } = await gateway.api<{ data: { id: string }[] }>('GET', `/v1/events?${query}`);
  return body.data.map(({ id }) => id);
}

it.each(['to PostgreSQL', 'back from PostgreSQL'] as const)(
  'what was cut before it was moved %s is found as before, persons are erased there, and all goes when its time is over',
  async (way) => {
    using directory = openMovingDirectory();
    const url = await databases.of(way);
    const stores = {
      directory: { ...masterKey, HOOKWIRE_DATABASE_URL: '', HOOKWIRE_DATA_DIR: directory.dataDir },
      database: { ...masterKey, HOOKWIRE_DATABASE_URL: url },
    };
    const isThere = way === 'to PostgreSQL';
    const [from, to] = isThere ? [directory.dataDir, url] : [url, directory.dataDir];
    const clock = createManualClock(Date.now() - 3 * day);
    await using receiver = await createReceiver(() => ({ status: 200, body: `thanks, ${theirs}` }));
    await using before = await openGateway({ clock, env: isThere ? stores.directory : stores.database });
    const accountId = await before.createAccount();
    const keep = { payloadDays: 1, logDays: 3 };
    await before.api('PATCH', `/v1/accounts/${accountId}`, { keep });
    for (const path of ['/a', '/b', '/c'])
      await before.createWebhook(accountId, { url: receiver.url + path });
    const old = report(accountId, 'old');
    const accepted = await before.accept([old, { ...report(accountId, 'own'), id: 'own-1' }]);
    const oldId = accepted.events[0]?.id ?? '';
    await receiver.take(6);
    await before.idle();
    const read = (gateway: GatewayFixture, id: string) => gateway.api<ShownEvent>('GET', `/v1/events/${id}`);
    clock.advance(day);
    for (const id of [oldId, 'own-1']) {
      await pass(
        clock,
        () => read(before, id),
        ({ body }) => body.contents === 'cut',
      );
    }
    const news = await before.accept(
      Array.from({ length: 40 }, (_, i) => ({ ...report(accountId, `new-${i}`), mobileNumber: theirs })),
    );
    await receiver.take(120);
    await before.idle();
    await before.gateway.close();

    const io = createRecordedIo(masterKey);
    expect(await runCli(['move', '--from', from, '--to', to], io), io.stderr).toBe(0);

    await using after = await openGateway({ clock, env: isThere ? stores.database : stores.directory });
    const number = old.mobileNumber;
    expect(await foundBy(after, `mobileNumber=${number}`)).toEqual(['own-1', oldId]);
    expect(await foundBy(after, `mobileNumber=${number.slice(-4)}`)).toEqual(['own-1', oldId]);
    expect(await foundBy(after, 'messageId=old')).toEqual([oldId]);
    const again = await after.accept([old, { ...report(accountId, 'own'), id: 'own-1' }]);
    expect(again.events).toMatchObject([
      { id: oldId, result: 'duplicate', deliveries: 3 },
      { id: 'own-1', result: 'duplicate', deliveries: 3 },
    ]);

    await after.api('POST', '/v1/erasures', { accountId, mobileNumber: theirs, waiting: 'drop' });
    const newId = news.events[17]?.id ?? '';
    const erased = await pass(
      clock,
      () => read(after, newId),
      ({ body }) => body.contents === 'erased',
    );
    for (const { id } of erased.body.deliveries) {
      expect(await after.delivery(id)).toMatchObject({
        state: 'delivered',
        attempts: [{ responseBody: null }],
      });
    }
    await pass(
      clock,
      () => after.api<{ data: { finishedAt: string | null }[] }>('GET', '/v1/tasks'),
      ({ body }) => body.data.every(({ finishedAt }) => finishedAt !== null),
    );

    clock.advance(3 * day);
    const left = () =>
      after.api<{ data: unknown[] }>('GET', `/v1/deliveries?accountId=${accountId}&limit=500`);
    await pass(clock, left, ({ body }) => body.data.length === 0);
    for (const id of [oldId, 'own-1', newId]) expect((await read(after, id)).status).toBe(404);
  },
);
