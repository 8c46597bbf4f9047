import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { eventually } from '../../src/testing/eventually.ts';
import type { GatewayFixture } from '../../src/testing/gateway-fixture.ts';
import type { Place, RunningServer, ServerKind } from './real-server.ts';
import { type ReportCase, reportCases, wabaNumber } from './reports.ts';

/** What an endpoint made of a request. */
interface Received {
  readonly id: string;
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly xml: unknown;
  readonly apiKey: string | null;
  /** The client's port: the same over one connection. */
  readonly port: number;
}

export interface Stage {
  readonly gateway: GatewayFixture;
  readonly kind: ServerKind;
  readonly server: RunningServer;
  readonly place: Place;
}

/** What is asked of a server. It throws, or says what it saw. */
export interface Check {
  readonly what: string;
  readonly check: (stage: Stage) => Promise<string>;
}

/** What is asked of every server. */
export const checks: readonly Check[] = [
  { what: 'parses every report as it was sent', check: parsesWhatWasSent },
  { what: 'gets a list in halves that is too large for it', check: refusesLargeLists },
  { what: 'is told what to do when a URL is too long for it', check: refusesLongUrls },
  { what: 'gets long messages by POST, and by GET as long as they fit', check: getsLongMessages },
];

/** The same, where real time must pass. */
export const timedChecks: readonly Check[] = [
  { what: 'gets each report once over connections that it closes meanwhile', check: closesConnections },
  { what: 'gets every report while it takes over its configuration anew', check: reloads },
];

/** The checks ask again and again how deliveries stand. */
export const asOftenAsItTakes = { HOOKWIRE_CALLS_PER_SECOND_OF_ADDRESS: 'off' } as const;

async function receivedAt({ place }: Stage): Promise<Received[]> {
  const text = await readFile(place.log, 'utf8').catch(() => '');
  const records = text.split('\n').filter((line) => line !== '');
  return records.map((line) => JSON.parse(line) as Received);
}

interface Account {
  readonly accountId: string;
  readonly webhookId: string;
}

async function account({ gateway, server }: Stage, webhook: object): Promise<Account> {
  const accountId = await gateway.createAccount();
  await gateway.createSender(accountId, wabaNumber);
  const { id: webhookId } = await gateway.createWebhook(accountId, { url: server.url, ...webhook });
  return { accountId, webhookId };
}

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly attemptCount: number;
  readonly errorClass: string | null;
}

/** Every delivery of a webhook, once none waits any more. */
async function deliveriesOf({ gateway }: Stage, webhookId: string): Promise<readonly Listed[]> {
  const path = `/v1/deliveries?webhookId=${webhookId}&limit=500`;
  return await eventually(
    async () => (await gateway.api<{ data: Listed[] }>('GET', path)).body.data,
    (all) => all.length > 0 && all.every(({ state }) => state === 'delivered' || state === 'failed'),
  );
}

async function parsesWhatWasSent(stage: Stage): Promise<string> {
  let count = 0;
  for (const report of reportCases) {
    for (const method of ['GET', 'POST', 'JSON', 'XML'] as const) {
      for (const isList of method === 'JSON' || method === 'XML' ? [false, true] : [false]) {
        await parses(stage, report, method, isList);
        count++;
      }
    }
  }
  return `${count} kinds of requests`;
}

async function parses(stage: Stage, report: ReportCase, method: string, isList: boolean): Promise<void> {
  await writeFile(stage.place.log, '');
  const { settings = {} } = report.webhook as { settings?: object };
  const whole = {
    ...report.webhook,
    method,
    settings: isList ? { ...settings, batch: { maxItems: 9, maxWaitMs: 0 } } : settings,
  };
  const { accountId, webhookId } = await account(stage, whole);
  await stage.gateway.accept({ accountId, ...report.event });
  const [delivery] = await deliveriesOf(stage, webhookId);
  const [received, ...more] = await receivedAt(stage);
  const what = `${report.what} by ${method}${isList ? ' in a list' : ''}`;
  deepStrictEqual(delivery && [delivery.state, delivery.attemptCount, more], ['delivered', 1, []], what);
  const { id, port: _, ...parsed } = received as Received;
  const { values, json, element } = report;
  const tree = [element, Object.entries(values)];
  deepStrictEqual(
    parsed,
    {
      method: method === 'GET' ? 'GET' : 'POST',
      query: method === 'GET' ? (report.query ?? values) : {},
      form: method === 'POST' ? values : {},
      json: method === 'JSON' ? (isList ? [json] : json) : null,
      xml: method === 'XML' ? (isList ? [`${element}s`, [tree]] : tree) : null,
      apiKey: 'p&ss w=rd',
    },
    what,
  );
  strictEqual(id, delivery?.id, what);
}

/** Reports about a second apart, since all servers are set up to close a connection after a second without one. */
async function closesConnections(stage: Stage): Promise<string> {
  await writeFile(stage.place.log, '');
  const [report] = reportCases as [ReportCase];
  const { accountId, webhookId } = await account(stage, { ...report.webhook, method: 'POST' });
  let sent = 0;
  const post = (count: number) =>
    stage.gateway.accept(
      Array.from({ length: count }, () => ({ accountId, ...report.event, messageId: `m${sent++}` })),
    );
  await post(200);
  for (let i = 0; i < 12; i++) {
    await setTimeout(994 + i);
    await post(4);
  }
  const deliveries = await deliveriesOf(stage, webhookId);
  const received = await receivedAt(stage);
  everyOneOnce(deliveries, received, sent, 0);
  const connections = new Set(received.map(({ port }) => port)).size;
  return `${sent} reports over ${connections} connections`;
}

function everyOneOnce(
  deliveries: readonly Listed[],
  received: readonly Received[],
  sent: number,
  mostTwice: number,
): void {
  const other = deliveries.filter(({ state, attemptCount }) => state !== 'delivered' || attemptCount !== 1);
  deepStrictEqual([deliveries.length, other], [sent, []]);
  strictEqual(new Set(received.map(({ id }) => id)).size, sent);
  ok(received.length - sent <= mostTwice, `${received.length - sent} arrived twice`);
}

function padding(count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({ name: `p${i}`, value: 'x'.repeat(1_000) }));
}

async function refusesLargeLists(stage: Stage): Promise<string> {
  if (!stage.kind.limitsBodies) return 'it has no limit here';
  const seen: string[] = [];
  for (const report of reportCases) {
    for (const method of ['JSON', 'XML']) {
      await writeFile(stage.place.log, '');
      const padded = { ...report.webhook, customParameters: padding(3) };
      const whole = { ...padded, method, settings: { batch: { maxItems: 100, maxWaitMs: 200 } } };
      const { accountId, webhookId } = await account(stage, whole);
      await stage.gateway.accept(
        Array.from({ length: 100 }, (_, i) => ({ accountId, ...report.event, messageId: `m${i}` })),
      );
      const deliveries = await deliveriesOf(stage, webhookId);
      const lists = await receivedAt(stage);
      const got = lists.flatMap(({ json, xml }) => (json ?? (xml as [string, unknown[]])[1]) as unknown[]);
      const bad = deliveries.filter(({ state }) => state !== 'delivered');
      deepStrictEqual([bad, got.length], [[], 100], `${report.what} by ${method}`);
      seen.push(String(lists.length));
    }
  }
  return `100 reports in ${seen.join(', ')} lists`;
}

async function refusesLongUrls(stage: Stage): Promise<string> {
  const [report] = reportCases as [ReportCase];
  const customParameters = padding(20);
  const { accountId, webhookId } = await account(stage, {
    ...report.webhook,
    method: 'GET',
    customParameters,
    settings: { retry: { maxAttempts: 1 } },
  });
  await stage.gateway.accept({ accountId, ...report.event });
  const [delivery] = await deliveriesOf(stage, webhookId);
  const { attempts } = await stage.gateway.delivery(delivery?.id ?? '');
  const [{ statusCode, errorClass } = {}] = attempts;
  ok(statusCode !== null && statusCode !== undefined, `it was not heard: ${JSON.stringify(attempts)}`);
  return `20 kB: ${statusCode}, ${errorClass}`;
}

const longTexts = [
  { what: '4,096 letters', text: 'a'.repeat(4_096), fits: true },
  { what: '700 emoji', text: '🙂'.repeat(700), fits: false },
];

/** By GET letters fit where URLs of 8,000 bytes do; what does not fit must be told as too long, and not be taken half. */
async function getsLongMessages(stage: Stage): Promise<string> {
  const report = reportCases.find(({ element }) => element === 'mo') as ReportCase;
  const seen: string[] = [];
  for (const { what, text, fits } of longTexts) {
    const event = { ...report.event, message: { type: 'text', text: { body: text } } };
    for (const [method, moMessage] of [
      ['POST', true],
      ['GET', false],
      ['GET', true],
    ] as const) {
      await writeFile(stage.place.log, '');
      const settings = { moMessage, retry: { maxAttempts: 1 } };
      const { accountId, webhookId } = await account(stage, { ...report.webhook, method, settings });
      await stage.gateway.accept({ accountId, ...event });
      const [delivery] = await deliveriesOf(stage, webhookId);
      const [received] = await receivedAt(stage);
      const got = method === 'POST' ? received?.form : received?.query;
      const words = `${what} by ${method}${moMessage && method === 'GET' ? ' twice' : ''}`;
      const must = method === 'POST' || (fits && !moMessage && stage.kind.shortUrls !== true);
      if (must || delivery?.state === 'delivered') strictEqual(got?.text, text, words);
      else deepStrictEqual([received, delivery?.state], [undefined, 'failed'], words);
      if (method === 'GET') seen.push(`${words}: ${delivery?.errorClass ?? 'taken'}`);
    }
  }
  return seen.join(', ');
}

/** What is under way when a server lets its old processes go may come twice; nothing may be lost, or fail. */
async function reloads(stage: Stage): Promise<string> {
  const { reload } = stage.server;
  if (!reload) return 'it cannot';
  await writeFile(stage.place.log, '');
  const [report] = reportCases as [ReportCase];
  const { accountId, webhookId } = await account(stage, { ...report.webhook, method: 'POST' });
  const sent = 480;
  for (let i = 0; i < sent; i += 20) {
    if (i % 120 === 60) await reload();
    await stage.gateway.accept(
      Array.from({ length: 20 }, (_, j) => ({ accountId, ...report.event, messageId: `m${i + j}` })),
    );
    await setTimeout(25);
  }
  const deliveries = await deliveriesOf(stage, webhookId);
  const received = await receivedAt(stage);
  const retried = deliveries.filter(({ attemptCount }) => attemptCount > 1).length;
  const arrived = new Set(received.map(({ id }) => id)).size;
  deepStrictEqual([deliveries.filter(({ state }) => state !== 'delivered'), arrived], [[], sent]);
  return `${sent} reports, 4 reloads: ${received.length - sent} twice, ${retried} after a second attempt`;
}
