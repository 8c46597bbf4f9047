import { connect } from 'node:net';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../src/testing/gateway-api.ts';
import { type GatewayFixture, openGateway, operatorKey } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

const number = '919812345678';
const messages = 620;
const profileName = '=HYPERLINK("https://evil.example","Asha");\r\n+1;"x"';

interface Page {
  readonly data: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
}

type Row = Readonly<Record<string, string>>;

let hookwire: GatewayFixture;
let receiver: Receiver;
let accountId: string;
let other: string;
let key: string;
let viewer: string;

beforeAll(async () => {
  hookwire = await openGateway();
  receiver = await createReceiver();
  accountId = await hookwire.createAccount();
  other = await hookwire.createAccount();
  key = await hookwire.createKey(accountId, ['deliveries:read']);
  const path = `/v1/accounts/${accountId}/portal-links`;
  const { body } = await hookwire.api<{ url: string }>('POST', path, { role: 'viewer' });
  const token = new URLSearchParams(new URL(body.url).hash.slice(1)).get('token');
  const entered = await hookwire.api<{ token: string }>('POST', '/v1/session/portal-link', { token }, null);
  viewer = entered.body.token;

  const sms = {
    product: 'sms',
    reportType: 'dlr',
    status: 'delivered',
    errorCode: '000',
    mobileNumber: number,
  };
  for (const owner of [accountId, other]) {
    await hookwire.createWebhook(owner, { url: receiver.url });
    await hookwire.accept({
      ...sms,
      accountId: owner,
      messageId: `of-${owner}`,
      transactionId: '81934341034091431',
    });
  }
  const many = Array.from({ length: messages }, (_, at) => ({ ...sms, accountId, messageId: `m${at}` }));
  await hookwire.accept(many);
  await hookwire.accept({
    ...{
      accountId,
      product: 'whatsapp',
      reportType: 'mo',
      productUniqueId: '919999999999',
      messageId: 'wamid.1',
    },
    ...{ mobileNumber: number, profileName, message: { type: 'text', text: { body: `call ${number}` } } },
  });
  await hookwire.idle();
});
afterAll(async () => {
  await receiver.close();
  await hookwire[Symbol.asyncDispose]();
});

async function textOf(path: string, as = key): Promise<string> {
  const { status, body } = await hookwire.api<string>('GET', path, undefined, as);
  expect(`${path} ${status} ${status === 200 ? '' : JSON.stringify(body)}`).toBe(`${path} 200 `);
  return body;
}

async function rowsOf(path: string, as = key): Promise<readonly Row[]> {
  const { data, errors } = Papa.parse<Row>(await textOf(path, as), { header: true, skipEmptyLines: true });
  expect(errors).toEqual([]);
  return data;
}

/** The whole list, page by page. */
async function listed(path: string, as = key): Promise<readonly Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = `limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const answer: ApiAnswer<Page> = await hookwire.api<Page>(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}${query}`,
      undefined,
      as,
    );
    found.push(...answer.body.data);
    cursor = answer.body.nextCursor;
  }
  return found;
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));

describe('a list as a file, from a whole gateway', () => {
  it('has all that the list has, in its order', async () => {
    const list = await listed('/v1/deliveries');
    expect(list).toHaveLength(messages + 1);
    expect(linesOf(await textOf('/v1/deliveries.ndjson'))).toEqual(list);
    const rows = await rowsOf('/v1/deliveries.csv');
    expect(rows.map(({ id, messageId }) => [id, messageId])).toEqual(
      list.map(({ id, messageId }) => [id, messageId]),
    );
  });

  it("has the list's filters", async () => {
    for (const filter of [
      'messageId=m7',
      'state=failed',
      'statusCode=200&product=sms',
      `mobileNumber=${number}`,
    ]) {
      const list = await listed(`/v1/deliveries?${filter}`);
      expect(linesOf(await textOf(`/v1/deliveries.ndjson?${filter}`))).toEqual(list);
      expect(await rowsOf(`/v1/deliveries.csv?${filter}`)).toHaveLength(list.length);
    }
  });

  it('hides numbers from viewers as the list does, and finds none of their digits', async () => {
    const list = await listed('/v1/deliveries', viewer);
    const text = await textOf('/v1/deliveries.ndjson', viewer);
    expect(linesOf(text)).toEqual(list);
    const csv = await textOf('/v1/deliveries.csv', viewer);
    const events = await textOf(`/v1/events.csv?messageId=wamid.1`, viewer);
    for (const shown of [text, csv, events]) {
      expect(shown).not.toContain(number);
      expect(shown).toContain('5678');
    }
    expect(await rowsOf('/v1/deliveries.csv?mobileNumber=45678', viewer)).toEqual([]);
    expect(await rowsOf('/v1/deliveries.csv?mobileNumber=45678')).toHaveLength(messages + 1);
  });

  it("has an account's own alone, and for an operator all or those of one", async () => {
    const accounts = async (query: string, as?: string) =>
      new Set((await rowsOf(`/v1/deliveries.csv${query}`, as)).map((row) => row.accountId));
    expect(await accounts('')).toEqual(new Set([accountId]));
    expect(await accounts('?messageId=of-x', operatorKey)).toEqual(new Set());
    expect(await accounts('', operatorKey)).toEqual(new Set([accountId, other]));
    expect(await accounts(`?accountId=${other}`, operatorKey)).toEqual(new Set([other]));
    const named = await hookwire.api('GET', `/v1/deliveries.csv?accountId=${other}`, undefined, key);
    expect(named.status).toBe(404);
    const writer = await hookwire.createKey(accountId, ['webhooks:write']);
    expect((await hookwire.api('GET', '/v1/deliveries.csv', undefined, writer)).status).toBe(403);
    expect((await hookwire.api('GET', '/v1/events.ndjson?messageId=m1', undefined, null)).status).toBe(401);
  });

  it('has the events of a message, those that went nowhere too, and what strangers wrote runs in no spreadsheet', async () => {
    const list = await listed('/v1/events?messageId=wamid.1');
    expect(list).toMatchObject([{ profileName }]);
    expect(linesOf(await textOf('/v1/events.ndjson?messageId=wamid.1'))).toEqual(list);
    const [row] = await rowsOf('/v1/events.csv?messageId=wamid.1');
    expect(row).toMatchObject({
      ...{ messageId: 'wamid.1', mobileNumber: `'${number}`, productUniqueId: `'919999999999` },
      ...{ part: '', 'deliveries.pending': '0', 'deliveries.delivered': '0' },
    });
    expect(row?.['acceptedAt (UTC)']).toBe(list[0]?.acceptedAt);
    expect(row?.profileName?.startsWith("'=HYPERLINK(")).toBe(true);
    expect(row?.profileName?.replaceAll(/(?<=^|[,;\t\r\n])'/gu, '')).toBe(profileName);
  });

  it('keeps ids as texts', async () => {
    const [row] = await rowsOf(`/v1/deliveries.csv?messageId=of-${accountId}`);
    expect(row).toMatchObject({ transactionId: "'81934341034091431", errorCode: "'000", statusCode: '200' });
  });

  it('by HTTP/1.0, where nothing tells a part from the whole, comes with its length', async () => {
    const { hostname, port } = new URL(hookwire.gateway.url);
    async function ask(path: string): Promise<string> {
      const socket = connect(Number(port), hostname);
      socket.write(`GET ${path} HTTP/1.0\r\nauthorization: Bearer ${key}\r\n\r\n`);
      return (await socket.setEncoding('utf8').toArray()).join('');
    }
    const answer = await ask('/v1/deliveries.csv');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    const [, length] = /content-length: ([0-9]+)/i.exec(answer) ?? [];
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(Buffer.byteLength(body)).toBe(Number(length));
    expect(body.slice(1)).toBe(await textOf('/v1/deliveries.csv'));
    expect(Papa.parse(body).data.length).toBeGreaterThan(100);
  });
});
