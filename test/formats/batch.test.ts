import { expect, it } from 'vitest';
import { openFormats, verify, xmlDeclaration } from './deliver-one.ts';

const count = 1_000;

/** By hand, as API.md has it. */
const written: Readonly<Record<string, (n: number) => string>> = {
  GET: (n) =>
    `/GET?txn_id=9223372036854775${800 + n}&msg_id=%D8%B1-${n}&error_code=000&mobile=919812345678&received_time=&delivered_time=`,
  POST: (n) =>
    `txn_id=9223372036854775${800 + n}&msg_id=%D8%B1-${n}&error_code=000&mobile=919812345678&received_time=&delivered_time=`,
  JSON: (n) =>
    `{"txn_id":"9223372036854775${800 + n}","msg_id":"ر-${n}","error_code":"000","mobile":"919812345678","received_time":null,"delivered_time":null}`,
  XML: (n) =>
    `${xmlDeclaration}<dlr><txn_id>9223372036854775${800 + n}</txn_id><msg_id>ر-${n}</msg_id><error_code>000</error_code><mobile>919812345678</mobile><received_time/><delivered_time/></dlr>`,
};
const methods = Object.keys(written);

it('takes 1,000 events in one call and gives each of them to four webhooks, each byte as it should be', async () => {
  await using formats = await openFormats();
  const { gateway, receiver } = formats;
  const accountId = await gateway.createAccount();
  const secrets = new Map<string, string>();
  for (const method of methods) {
    const { id } = await gateway.createWebhook(accountId, { method, url: `${receiver.url}/${method}` });
    secrets.set(method, await gateway.secretOf(id));
  }
  const events = Array.from({ length: count }, (_, n) => ({
    accountId,
    product: 'sms',
    reportType: 'dlr',
    transactionId: `9223372036854775${800 + n}`,
    messageId: `ر-${n}`,
    status: 'delivered',
    errorCode: '000',
    mobileNumber: '919812345678',
  }));

  const answer = await gateway.accept(events);
  expect(answer).toMatchObject({ accepted: count, duplicates: 0, rejected: 0 });
  expect(answer.events.every(({ deliveries }) => deliveries === methods.length)).toBe(true);

  const requests = await receiver.take(count * methods.length);
  for (const method of methods) {
    const own = requests.filter(({ path }) => path.startsWith(`/${method}`));
    const bytes = own.map(({ path, body }) => (method === 'GET' ? path : body.toString()));
    const expected = Array.from({ length: count }, (_, n) => written[method]?.(n));
    expect(new Set(bytes)).toEqual(new Set(expected));
    for (const request of own) verify({ request, secret: secrets.get(method) ?? '' });
  }
  expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(count * methods.length);
});
