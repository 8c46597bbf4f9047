import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iso, minute, openStage, type Stage } from './stage.ts';

interface Shown {
  readonly id: string;
  readonly messageId: string;
}
interface Page {
  readonly data: readonly Shown[];
  readonly nextCursor: string | null;
}

let stage: Stage;
let accountId: string;
let key: string;
const webhooks: { sms: string; wa: string; mo: string } = { sms: '', wa: '', mo: '' };
let start: number;

/** Twelve messages, a minute apart, in one account; one in another. Their names say what becomes of them. */
beforeAll(async () => {
  stage = await openStage();
  const { clock, gateway } = stage;
  start = clock.now();
  // Each account is an endpoint whose receiver answers by the message.
  const endpoint = await stage.openEndpoint(
    ({ body }) => (body.includes('500') ? 500 : body.includes('404') ? 404 : 200),
    {
      settings: { retry: { maxAttempts: 1 } },
    },
  );
  const other = await stage.openEndpoint();
  accountId = endpoint.accountId;
  key = await gateway.createKey(accountId, ['deliveries:read']);
  await gateway.createSender(accountId, '919999999999');
  webhooks.sms = endpoint.webhookId;
  const { url } = endpoint.receiver;
  const parameterNames = {};
  const whatsapp = { product: 'whatsapp', productUniqueId: '919999999999', url };
  const retry = { settings: { retry: { maxAttempts: 5 } } };
  webhooks.wa = (await gateway.createWebhook(accountId, { ...whatsapp, ...retry })).id;
  webhooks.mo = (
    await gateway.createWebhook(accountId, { ...whatsapp, reportType: 'mo', parameterNames })
  ).id;

  const sms = { accountId, product: 'sms', reportType: 'dlr', status: 'delivered' };
  const wa = { ...sms, product: 'whatsapp', productUniqueId: '919999999999' };
  const mo = { ...wa, reportType: 'mo', status: undefined, message: { type: 'text', text: { body: 'hi' } } };
  const events = [
    { ...sms, messageId: 'sms 1', transactionId: 'txn A', mobileNumber: '919812345678' },
    { ...sms, messageId: 'sms 2', transactionId: 'txn A', mobileNumber: '+91 98123 45678' },
    { ...sms, messageId: 'sms 500', transactionId: '18446744073709551617', mobileNumber: '919800000000' },
    { ...sms, messageId: 'sms 404', mobileNumber: '919800000000' },
    { ...sms, messageId: 'sms 1', status: 'sent' },
    { ...wa, messageId: 'wa 1', transactionId: 'txn A', mobileNumber: '919812345678' },
    { ...wa, messageId: 'wa 500' },
    { ...wa, messageId: 'wa 2' },
    { ...mo, messageId: 'mo 1', mobileNumber: '919812345678' },
    { ...mo, messageId: 'mo 2', mobileNumber: '919811111111' },
    {
      ...sms,
      accountId: other.accountId,
      messageId: 'sms 1',
      transactionId: 'txn A',
      mobileNumber: '919812345678',
    },
  ];
  for (const event of events) {
    await gateway.accept(event);
    await gateway.idle();
    clock.advance(minute);
  }
  // One that waits.
  await gateway.api('POST', `/v1/webhooks/${webhooks.mo}/disable`);
  await gateway.accept({ ...mo, messageId: 'mo 3', mobileNumber: '919811111111' });
  // And one that is skipped.
  const doomed = await gateway.createWebhook(accountId, { url });
  await gateway.api('POST', `/v1/webhooks/${doomed.id}/disable`);
  await gateway.accept({ ...sms, messageId: 'sms 3' });
  await gateway.api('DELETE', `/v1/webhooks/${doomed.id}`);
  await gateway.idle();
});
afterAll(() => stage[Symbol.asyncDispose]());

async function list(query: string): Promise<Page> {
  const answer = await stage.gateway.api<Page>('GET', `/v1/deliveries?${query}`, undefined, key);
  expect(answer.status).toBe(200);
  return answer.body;
}

const at = (minutes: number): string => iso(start + minutes * minute);

describe('history', () => {
  it.each<[string, () => string, readonly string[]]>([
    [
      'nothing asked',
      () => '',
      [
        'sms 3',
        'sms 3',
        'mo 3',
        'mo 2',
        'mo 1',
        'wa 2',
        'wa 500',
        'wa 1',
        'sms 1',
        'sms 404',
        'sms 500',
        'sms 2',
        'sms 1',
      ],
    ],
    ['one webhook', () => `webhookId=${webhooks.wa}`, ['wa 2', 'wa 500', 'wa 1']],
    ['another webhook', () => `webhookId=${webhooks.mo}`, ['mo 3', 'mo 2', 'mo 1']],
    ['no such webhook', () => 'webhookId=wh_nowhere', []],
    [
      'what was delivered',
      () => 'state=delivered',
      ['sms 3', 'mo 2', 'mo 1', 'wa 2', 'wa 1', 'sms 1', 'sms 2', 'sms 1'],
    ],
    ['what failed', () => 'state=failed', ['sms 404', 'sms 500']],
    ['what was skipped', () => 'state=skipped', ['sms 3']],
    ['what waits', () => 'state=pending', ['mo 3']],
    ['what is tried again', () => 'state=retrying', ['wa 500']],
    ['a product', () => 'product=whatsapp', ['mo 3', 'mo 2', 'mo 1', 'wa 2', 'wa 500', 'wa 1']],
    ['a report type', () => 'reportType=mo', ['mo 3', 'mo 2', 'mo 1']],
    ['a message', () => 'messageId=sms%201', ['sms 1', 'sms 1']],
    ['a transaction', () => 'transactionId=txn%20A', ['wa 1', 'sms 2', 'sms 1']],
    ['a transaction beyond 2^63', () => 'transactionId=18446744073709551617', ['sms 500']],
    ['a number', () => 'mobileNumber=919812345678', ['mo 1', 'wa 1', 'sms 2', 'sms 1']],
    [
      'a number written otherwise',
      () => 'mobileNumber=%2B91-98123-45678',
      ['mo 1', 'wa 1', 'sms 2', 'sms 1'],
    ],
    ['an answer of 404', () => 'statusCode=404', ['sms 404']],
    ['an answer of 500', () => 'statusCode=500', ['wa 500', 'sms 500']],
    ['an answer of 200', () => 'statusCode=200&product=sms', ['sms 3', 'sms 1', 'sms 2', 'sms 1']],
    ['an error class', () => 'errorClass=status', ['wa 500', 'sms 404', 'sms 500']],
    ['a time', () => `from=${at(6)}&to=${at(8)}`, ['wa 2', 'wa 500']],
    ['since a time', () => `from=${at(9)}`, ['sms 3', 'sms 3', 'mo 3', 'mo 2']],
    ['before a time', () => `to=${at(2)}`, ['sms 2', 'sms 1']],
    [
      'a failed one of a webhook and a time',
      () => `webhookId=${webhooks.sms}&state=failed&to=${at(3)}`,
      ['sms 500'],
    ],
    ['a number at a webhook', () => `mobileNumber=919812345678&webhookId=${webhooks.mo}`, ['mo 1']],
    ['a message and a state', () => 'messageId=sms%20500&state=delivered', []],
  ])('answers by %s', async (_, query, expected) => {
    expect((await list(query())).data.map(({ messageId }) => messageId)).toEqual(expected);
  });

  it.each(['', 'state=delivered', 'mobileNumber=919812345678', 'product=sms'])(
    'gives page after page of "%s", each delivery once',
    async (query) => {
      const whole = await list(query);
      expect(whole.nextCursor).toBeNull();
      const paged: Shown[] = [];
      let cursor: string | null = '';
      for (; cursor !== null; ) {
        const page: Page = await list(`${query}&limit=2&cursor=${cursor}`);
        expect(page.data.length).toBeLessThanOrEqual(2);
        if (page.nextCursor !== null) expect(page.data).toHaveLength(2);
        paged.push(...page.data);
        cursor = page.nextCursor;
      }
      expect(paged).toEqual(whole.data);
    },
  );

  it('shows an operator every account, or the one that is named', async () => {
    const { gateway } = stage;
    const every = await gateway.api<Page>('GET', '/v1/deliveries?messageId=sms%201');
    expect(every.body.data).toHaveLength(3);
    const one = await gateway.api<Page>('GET', `/v1/deliveries?messageId=sms%201&accountId=${accountId}`);
    expect(one.body.data).toHaveLength(2);
  });

  it('is still there after a restart', async () => {
    const before = await list('');
    await stage.gateway.restart();
    expect(await list('')).toEqual(before);
  });

  it.each(['state=lost', 'limit=0', 'limit=501', 'from=yesterday', 'colour=red', 'statusCode=abc'])(
    'refuses %s, naming it',
    async (query) => {
      const answer = await stage.gateway.api<{ errors: { path: string }[] }>(
        'GET',
        `/v1/deliveries?${query}`,
      );
      expect(answer.status).toBe(422);
      expect(answer.body.errors.map(({ path }) => path)).toEqual([`query.${query.split('=', 1)[0]}`]);
    },
  );

  it('refuses a cursor that it did not give', async () => {
    const answer = await stage.gateway.api('GET', '/v1/deliveries?cursor=nonsense');
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});
