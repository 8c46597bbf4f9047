import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

const day = 24 * 3_600_000;
const columns = {
  deliveries:
    '"id","eventId","accountId","webhookId","product","reportType","productUniqueId","messageId","transactionId",' +
    '"mobileNumber","status","errorCode","state","stateReason","attemptCount","statusCode","errorClass",' +
    '"acceptedAt (UTC)","nextAttemptAt (UTC)","finishedAt (UTC)","contents"',
  events:
    '"id","accountId","product","reportType","productUniqueId","transactionId","messageId","part","status","errorCode",' +
    '"mobileNumber","userId","profileName","receivedTime (UTC)","sentTime (UTC)","deliveredTime (UTC)","readTime (UTC)",' +
    '"acceptedAt (UTC)","deliveries.pending","deliveries.retrying","deliveries.delivered","deliveries.failed",' +
    '"deliveries.skipped","contents"',
} as const;

it('What was cut is in files as in lists, to the byte, and statistics are what they were', async () => {
  const clock = createManualClock();
  await using gateway = await openGateway({ clock });
  await using receiver = await createReceiver([200, 500]);
  const accountId = await gateway.createAccount();
  const { api } = gateway;
  await api('PATCH', `/v1/accounts/${accountId}`, { keep: { payloadDays: 1, logDays: 300 } });
  const webhook = await gateway.createWebhook(accountId, {
    ...{ url: receiver.url, settings: { retry: { maxAttempts: 1 } } },
  });
  const key = await gateway.createKey(accountId, ['deliveries:read']);
  const sms = {
    ...{ accountId, product: 'sms', reportType: 'dlr', status: 'delivered', errorCode: '000', part: 2 },
    ...{ mobileNumber: '+91 98123-45678', transactionId: '81934341034091431' },
    ...{ receivedTime: '2026-11-22T09:59:58Z', attributes: { note: '=1+1' } },
  };
  const ids: string[] = [];
  for (const parts of [
    { messageId: 'm1', userId: 'IN.77', profileName: '=HYPERLINK("https://evil.example")' },
    { messageId: 'm1', mobileNumber: 'AD-HDFCBK', status: 'sent' },
  ]) {
    ids.push((await gateway.accept({ ...sms, ...parts })).events[0]?.id ?? '');
    await receiver.next();
    await gateway.idle();
  }

  async function listed(path: string, as: string) {
    const { body } = await api<{ data: Record<string, unknown>[] }>('GET', path, undefined, as);
    return body.data;
  }
  const file = async (path: string, as = key) => (await api<string>('GET', path, undefined, as)).body;
  const passed = async (): Promise<void> => {
    for (let i = 0; i < 15; i++) {
      clock.advance(1_000);
      await setImmediate();
    }
  };
  const stats = async () => {
    const span = 'from=2026-11-20T00:00:00Z&to=2026-11-30T00:00:00Z';
    return (await api<{ total: object }>('GET', `/v1/webhooks/${webhook.id}/stats?${span}`)).body.total;
  };
  await passed();
  const before = await stats();
  expect(before).toMatchObject({ attempts: 2, delivered: 1, failed: 1 });

  clock.skip(day);
  await eventually(
    async () => {
      await passed();
      return listed('/v1/events?messageId=m1', key);
    },
    (events) => events.every(({ contents }) => contents === 'cut'),
  );
  expect(await stats()).toEqual(before);

  const viewer = await viewerOf(gateway, accountId);

  for (const path of [
    '/v1/deliveries?messageId=m1',
    '/v1/events?messageId=m1',
    '/v1/deliveries?mobileNumber=5678',
  ]) {
    for (const as of [key, viewer]) {
      const list = await listed(path, as);
      const lines = await file(path.replace('?', '.ndjson?'), as);
      expect(lines).toBe(list.map((item) => `${JSON.stringify(item)}\n`).join(''));
      expect(lines).not.toMatch(/HYPERLINK|IN\.77|98123/);
    }
  }
  const [second, first] = await listed('/v1/deliveries?messageId=m1', key);
  const cell = (value: unknown) => (typeof value === 'string' ? `"${value}"` : (value ?? ''));
  const row = (
    { id, eventId, acceptedAt, finishedAt }: Record<string, unknown> = {},
    values: readonly unknown[],
  ) =>
    [id, eventId, accountId, webhook.id, ...values, acceptedAt, null, finishedAt, 'cut'].map(cell).join(',');
  const both = ['sms', 'dlr', null, 'm1', "'81934341034091431"];
  for (const as of [key, viewer]) {
    const csv = await file('/v1/deliveries.csv?messageId=m1', as);
    expect(csv.split('\r\n')).toEqual([
      columns.deliveries,
      row(second, [...both, '••••', 'sent', "'000", 'failed', 'attempts_exhausted', 1, 500, 'status']),
      row(first, [...both, '••••5678', 'delivered', "'000", 'delivered', null, 1, 200, null]),
      '',
    ]);
    const at = second?.acceptedAt;
    const ofEvents = await file('/v1/events.csv?messageId=m1&limit=1', as);
    const event = [
      second?.eventId,
      accountId,
      ...['sms', 'dlr', null, "'81934341034091431", 'm1', 2, 'sent'],
    ];
    const rest = [
      "'000",
      '••••',
      null,
      null,
      '2026-11-22T09:59:58.000Z',
      null,
      null,
      null,
      at,
      0,
      0,
      0,
      1,
      0,
      'cut',
    ];
    expect(ofEvents.split('\r\n')).toEqual([columns.events, [...event, ...rest].map(cell).join(','), '']);
  }
  expect(ids).toEqual([first?.eventId, second?.eventId]);
});

async function viewerOf({ api }: GatewayFixture, accountId: string): Promise<string> {
  const { body } = await api<{ url: string }>('POST', `/v1/accounts/${accountId}/portal-links`, {
    role: 'viewer',
  });
  const token = new URLSearchParams(new URL(body.url).hash.slice(1)).get('token');
  return (await api<{ token: string }>('POST', '/v1/session/portal-link', { token }, null)).body.token;
}
