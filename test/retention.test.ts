import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../src/testing/eventually.ts';
import { openGateway } from '../src/testing/gateway-fixture.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

const day = 24 * 3_600_000;
const mobileNumber = '919812345678';

it('what an account keeps for a day and a log of three ends by these clocks, and a delivery that still waits with it', async () => {
  const clock = createManualClock();
  await using gateway = await openGateway({ clock });
  await using receiver = await createReceiver([200]);
  await using listener = await createReceiver([200]);
  const accountId = await gateway.createAccount();
  const { api } = gateway;
  const keep = { payloadDays: 1, logDays: 3 };
  expect((await api('PATCH', `/v1/accounts/${accountId}`, { keep })).status).toBe(200);
  await gateway.createWebhook(accountId, { url: receiver.url });
  const paused = await gateway.createWebhook(accountId, { url: `${receiver.url}/paused` });
  await api('POST', `/v1/webhooks/${paused.id}/disable`);
  const operations = { accountId, product: 'hookwire', reportType: 'operations', method: 'JSON' };
  const made = await api('POST', '/v1/webhooks', { ...operations, url: listener.url });
  expect(made.status).toBe(201);

  const accepted = await gateway.accept({
    ...{ accountId, product: 'sms', reportType: 'dlr', messageId: 'm1', status: 'delivered' },
    ...{ transactionId: 't1', mobileNumber, errorCode: '000', attributes: { note: 'for Asha' } },
  });
  const eventId = accepted.events[0]?.id ?? '';
  await receiver.next();
  await gateway.idle();

  interface ShownEvent {
    readonly contents: string;
    readonly mobileNumber: string | null;
    readonly attributes: object | null;
    readonly deliveries: readonly { readonly webhookId: string; state: string; stateReason: string | null }[];
  }
  const read = async () => (await api<ShownEvent>('GET', `/v1/events/${eventId}`)).body;
  const pass = async <T>(ask: () => Promise<T>, until: (answer: T) => boolean): Promise<T> =>
    eventually(async () => {
      clock.advance(1_000);
      await setImmediate();
      return ask();
    }, until);

  clock.advance(day - 60_000);
  await pass(read, () => true);
  expect(await read()).toMatchObject({ contents: 'kept', mobileNumber, attributes: { note: 'for Asha' } });

  clock.advance(60_000);
  const cut = await pass(read, ({ contents }) => contents === 'cut');
  expect(cut).toMatchObject({
    mobileNumber: '••••5678',
    attributes: null,
    messageId: 'm1',
    status: 'delivered',
  });
  const ended = cut.deliveries.find(({ webhookId }) => webhookId === paused.id);
  expect(ended).toMatchObject({ state: 'failed', stateReason: 'expired', contents: 'cut' });
  const told = await listener.next();
  expect(JSON.parse(String(told.body))).toMatchObject({
    type: 'delivery.failed',
    data: { reason: 'expired' },
  });
  const listed = await api<{ data: object[] }>(
    'GET',
    `/v1/deliveries?accountId=${accountId}&mobileNumber=%2B91%2098123%2045678`,
  );
  expect(listed.body.data).toHaveLength(2);

  clock.advance(2 * day);
  const gone = () => api('GET', `/v1/events/${eventId}`);
  await pass(gone, ({ status }) => status === 404);
  const health = await api<{ retention: { dropped: number } }>('GET', '/v1/gateway');
  expect(health.body.retention).toMatchObject({ log: { behindMs: 0, left: 0 } });
  expect(health.body.retention.dropped).toBeGreaterThan(0);
});

it('a clock that is a year ahead for a while cuts nothing, not after a restart either, and is told of', async () => {
  const clock = createManualClock();
  await using gateway = await openGateway({ clock });
  await using receiver = await createReceiver([200]);
  const accountId = await gateway.createAccount();
  const paused = await gateway.createWebhook(accountId, { url: receiver.url });
  const { api } = gateway;
  await api('POST', `/v1/webhooks/${paused.id}/disable`);
  const report = { accountId, product: 'sms', reportType: 'dlr', messageId: 'm1', status: 'delivered' };
  const accepted = await gateway.accept({ ...report, transactionId: 't1', mobileNumber, errorCode: '000' });
  const eventId = accepted.events[0]?.id ?? '';
  interface Health {
    readonly clock: { readonly aheadMs: number; readonly believedInMs: number } | null;
    readonly retention: { readonly cut: number; readonly dropped: number };
  }
  const health = async () => (await api<Health>('GET', '/v1/gateway')).body;
  const read = async () =>
    (
      await api<{ contents: string; mobileNumber: string; deliveries: { state: string }[] }>(
        'GET',
        `/v1/events/${eventId}`,
      )
    ).body;
  /** Long enough for cutter and health page to look again. */
  const pass = async (): Promise<void> => {
    for (let i = 0; i < 15; i++) {
      clock.advance(1_000);
      await setImmediate();
    }
  };
  const isWhole = async (): Promise<void> => {
    await pass();
    expect(await read()).toMatchObject({
      contents: 'kept',
      mobileNumber,
      deliveries: [{ state: 'pending' }],
    });
    expect((await health()).retention).toMatchObject({ cut: 0, dropped: 0 });
  };

  await isWhole();
  clock.set(365 * day);
  await isWhole();
  expect((await health()).clock).toMatchObject({ aheadMs: 365 * day });
  await gateway.gateway.close();
  await gateway.restart();
  await isWhole();
  expect((await health()).clock).toMatchObject({ aheadMs: 365 * day });
  clock.set(-365 * day);
  await isWhole();
  expect((await health()).clock).toBeNull();

  clock.skip(31 * day);
  await eventually(
    async () => {
      await pass();
      return read();
    },
    ({ contents }) => contents === 'cut',
  );
});
