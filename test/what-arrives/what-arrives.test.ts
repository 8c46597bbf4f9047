import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway, operatorKey } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { fragmentOf, type Method, methods } from './fragments.ts';
import { chapters, refusals, type Way } from './ways.ts';

/** What `docs/guides/what-arrives.md` says is generated from the table that is tried here. */
const base = {
  product: '"whatsapp"',
  productUniqueId: '"919999999999"',
  transactionId: '"81934341034091431"',
  mobileNumber: '"919812345678"',
  receivedTime: '"2026-11-22T10:15:30.000Z"',
};
const ofReport = {
  dlr: { status: '"delivered"', errorCode: '"000"', deliveredTime: '"2026-11-22T10:15:33.000Z"' },
  mo: { message: '{"type":"text","text":{"body":"hi"}}' },
};
const parameterNames = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
  readTime: 'read_time',
  status: 'status',
};

let gateway: GatewayFixture;
let accountId: string;
let receivers: Record<'dlr' | 'mo', Record<Method, Receiver>>;
let wanted: Receiver;

beforeAll(async () => {
  gateway = await openGateway();
  accountId = await gateway.createAccount();
  await gateway.createSender(accountId, '919999999999');
  receivers = { dlr: await openReceivers(), mo: await openReceivers() };
  for (const method of methods) {
    const common = { product: 'whatsapp', method };
    const settings = { moFormat: 'flat', moMessage: true };
    const [dlr, mo] = [receivers.dlr[method].url, receivers.mo[method].url];
    await gateway.createWebhook(accountId, { ...common, reportType: 'dlr', url: dlr, parameterNames });
    await gateway.createWebhook(accountId, {
      ...common,
      reportType: 'mo',
      url: mo,
      parameterNames: {},
      settings,
    });
  }
  wanted = await createReceiver();
  const settings = { statuses: ['delivered', 'read'] };
  const filtered = { product: 'whatsapp', reportType: 'dlr', url: wanted.url, parameterNames, settings };
  await gateway.createWebhook(accountId, filtered);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  const all = [...Object.values(receivers.dlr), ...Object.values(receivers.mo), wanted];
  await Promise.all(all.map((receiver) => receiver.close()));
});

async function openReceivers(): Promise<Record<Method, Receiver>> {
  const opened = await Promise.all(methods.map(async (method) => [method, await createReceiver()] as const));
  return Object.fromEntries(opened) as Record<Method, Receiver>;
}

let sent = 0;

async function handIn(way: Way): Promise<{ status: number; text: string }> {
  const { reportType = 'dlr', fields = {}, encode = Buffer.from, headers = {} } = way;
  const members: Record<string, string> = {
    ...{ accountId: JSON.stringify(accountId), reportType: `"${reportType}"`, messageId: `"m${++sent}"` },
    ...base,
    ...ofReport[reportType],
    ...fields,
  };
  if (reportType === 'mo') delete members.transactionId;
  const body = `{${Object.entries(members)
    .map(([name, json]) => `"${name}": ${json}`)
    .join(', ')}}`;
  const answer = await fetch(`${gateway.gateway.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json', ...headers },
    body: new Uint8Array(encode(body)),
  });
  return { status: answer.status, text: await answer.text() };
}

describe.each(chapters)('of the ways in which platforms write a report: $title', ({ ways }) => {
  it.each(ways)('$writes arrives as $parameter', async (way) => {
    const { status, text } = await handIn(way);
    expect([status, text]).toEqual([202, expect.stringContaining('"accepted":1')]);
    for (const method of methods) {
      const { path, body } = await receivers[way.reportType ?? 'dlr'][method].next();
      const got = method === 'GET' ? (path.split('?')[1] ?? '') : body.toString();
      const fragment = fragmentOf(method, way.parameter, way.arrives);
      if (method === 'GET' || method === 'POST') expect(got.split('&')).toContain(fragment);
      else expect(got).toContain(fragment);
    }
  });
});

it('all of the statuses but UNDELIV went to a webhook that asked for delivered and read', async () => {
  await gateway.idle();
  const got = new Set(wanted.requests.map(({ body }) => JSON.parse(body.toString()).status));
  expect(got).toEqual(new Set(['delivered', 'Delivered', 'DELIVERED', ' delivered ', 'DELIVRD', 'READ']));
});

it.each(refusals)('$writes is refused, and the answer says why', async (way) => {
  const { status, text } = await handIn(way);
  expect([status, JSON.parse(text).detail]).toEqual([way.status, expect.stringContaining(way.says)]);
});

it('there are 40 at least', () => {
  expect(chapters.flatMap(({ ways }) => ways).length).toBeGreaterThanOrEqual(40);
});
