/**
 * An account that misbehaves in one way, a process of its own: it says `ready` when it has set itself up, misbehaves from
 * `go` until it is told to `stop`, and tells how often its calls were answered with what.
 *
 *   node bench/harness/misbehave.ts '{"way":"lists","gateway":{…},"sink":"http://…","dead":"http://…"}'
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Agent, request } from 'undici';
import type { Misbehaviour } from './misbehaviours.ts';
import type { GatewayProcess } from './processes.ts';
import { callApi, parameterNames } from './setup.ts';

const { way, gateway, sink, dead } = JSON.parse(process.argv[2] ?? '') as Misbehaviour;
const api = gateway as GatewayProcess;
const answers = new Map<string, number>();
const agent = new Agent({ connections: 700, pipelining: 1, headersTimeout: 300_000, bodyTimeout: 300_000 });
let going = true;

async function call(
  method: 'GET' | 'POST',
  path: string,
  { key = gateway.operatorKey, body }: { key?: string; body?: string } = {},
): Promise<void> {
  const answer = await request(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
    dispatcher: agent,
  }).catch(() => null);
  const status = String(answer?.statusCode ?? 'broken');
  answers.set(status, (answers.get(status) ?? 0) + 1);
  if (way === 'largeLists') for await (const _ of answer?.body ?? []) await pause(1);
  else await answer?.body.dump({ limit: 2 ** 30 });
  // A client that is refused at once and tries again at once would measure itself.
  if (status === '429' || status === '503') await pause(20);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** So many callers, each with one call after another. */
async function callers(count: number, run: (n: number) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      while (going) await run(n);
    }),
  );
}

async function account(name: string): Promise<{ readonly id: string; readonly key: string }> {
  const { id } = await callApi<{ id: string }>(api, 'POST', '/v1/accounts', { name });
  const scopes = ['events:write', 'webhooks:write', 'webhooks:read', 'deliveries:read', 'deliveries:replay'];
  const { key } = await callApi<{ key: string }>(api, 'POST', `/v1/accounts/${id}/keys`, { name, scopes });
  return { id, key };
}

function webhook(accountId: string, url: string, more: object = {}): Promise<{ id: string }> {
  return callApi(api, 'POST', '/v1/webhooks', { accountId, ...webhookInput(url), ...more });
}

function webhookInput(url: string): object {
  return { product: 'sms', reportType: 'dlr', method: 'JSON', url, parameterNames };
}

/** An account whose events are for so many webhooks each. */
async function wideAccount(name: string, webhooks: number, more: object = {}): ReturnType<typeof account> {
  const made = await account(name);
  await callApi(api, 'PATCH', `/v1/accounts/${made.id}`, { limits: { webhooks } });
  for (let i = 0; i < webhooks; i += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, n) => webhook(made.id, `${sink}?w=${i + n}`, more)));
  }
  return made;
}

function postFanOut({ id, key }: { readonly id: string; readonly key: string }): Promise<void> {
  return call('POST', '/v1/events', { key, body: events(id, 500) });
}

let made = 0;
function events(accountId: string, count: number, more: object = {}): string {
  return JSON.stringify(
    Array.from({ length: count }, () => ({
      ...{ accountId, product: 'sms', reportType: 'dlr', status: 'delivered', mobileNumber: '919812345678' },
      messageId: `bad-${process.pid}-${made++}`,
      ...more,
    })),
  );
}

function messages(accountId: string, count: number, bytes: number): string {
  const message = { type: 'text', text: { body: 'x'.repeat(bytes) } };
  return events(accountId, count, { product: 'whatsapp', reportType: 'mo', status: undefined, message });
}

/** Sets itself up and gives what to do from `go` on. */
async function setUp(): Promise<() => Promise<void>> {
  switch (way) {
    case 'fanOut':
    case 'fanOutInOrder': {
      const wide = await wideAccount(
        way,
        1000,
        way === 'fanOutInOrder' ? { settings: { ordered: true } } : {},
      );
      return () => callers(1, () => postFanOut(wide));
    }
    case 'fanOuts': {
      const wide: { readonly id: string; readonly key: string }[] = [];
      for (let n = 0; n < 20; n++) wide.push(await wideAccount(`${way} ${n}`, 100));
      return () => callers(wide.length, (n) => postFanOut(wide[n] ?? { id: '', key: '' }));
    }
    case 'downloads': {
      const { id, key } = await account(way);
      await webhook(id, sink);
      for (let i = 0; i < 20; i++) await call('POST', '/v1/events', { key, body: events(id, 1000) });
      const formats = ['csv', 'ndjson'];
      return () => callers(6, (n) => call('GET', `/v1/deliveries.${formats[n % 2]}`, { key }));
    }
    case 'largeBatches': {
      const { id, key } = await account('large batches');
      return () => callers(8, () => call('POST', '/v1/events', { key, body: messages(id, 1000, 3_500) }));
    }
    case 'lists':
    case 'searches':
    case 'largeLists': {
      const { id, key } = await account(way);
      const large = way === 'largeLists';
      if (large)
        await webhook(id, sink, { product: 'whatsapp', reportType: 'mo', parameterNames: undefined });
      else await webhook(id, sink);
      for (let i = 0; i < 20; i++) {
        const body = large ? messages(id, 50, 60 * 1024) : events(id, 1000);
        await call('POST', '/v1/events', { key, body });
      }
      const path = {
        lists: () => '/v1/deliveries?limit=500&state=delivered',
        largeLists: () => '/v1/events?mobileNumber=919812345678&limit=500',
        searches: () => `/v1/deliveries?messageId=nothing-${made++}`,
      }[way];
      return () => callers(way === 'largeLists' ? 30 : 40, () => call('GET', path(), { key }));
    }
    case 'recover': {
      const bad = await Promise.all(Array.from({ length: 20 }, (_, n) => account(`dead ${n}`)));
      const ids: string[] = [];
      for (const { id, key } of bad) {
        const { id: webhookId } = await webhook(id, sink, { settings: { timeoutMs: 5000 } });
        await call('POST', '/v1/events', { key, body: events(id, 100) });
        ids.push(webhookId);
      }
      await pause(1_000);
      const settings = { timeoutMs: 5000 };
      for (const webhookId of ids) {
        await callApi(api, 'PUT', `/v1/webhooks/${webhookId}`, { ...webhookInput(dead), settings });
      }
      const from = new Date(Date.now() - 3_600_000).toISOString();
      const body = JSON.stringify({ from, states: ['delivered'] });
      return () =>
        callers(10, async (n) => {
          const at = (n + made++ * 7) % bad.length;
          await call('POST', `/v1/webhooks/${ids[at]}/recover`, { key: bad[at]?.key ?? '', body });
          await pause(20);
        });
    }
    case 'tests': {
      const { id, key } = await account('tests');
      const { id: webhookId } = await webhook(id, dead, { settings: { timeoutMs: 30_000 } });
      return () => callers(600, () => call('POST', `/v1/webhooks/${webhookId}/test`, { key }));
    }
    case 'streams': {
      const { id, key } = await account('streams');
      await webhook(id, sink);
      const { hostname, port } = new URL(gateway.url);
      return async () => {
        for (let i = 0; i < 200; i++) {
          const socket = connect(Number(port), hostname);
          socket.on('error', () => {});
          socket.pause();
          socket.write(`GET /v1/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n\r\n`);
        }
        await callers(2, () => call('POST', '/v1/events', { key, body: events(id, 100) }));
      };
    }
    case 'refusedKeys':
      return () => callers(50, () => call('GET', '/v1/webhooks', { key: `hw_nobody_${made++}` }));
    case 'refusedBodies': {
      const { id, key } = await account('refused');
      const bodies = [
        `{"settings":{"statuses":[${'"delivered",'.repeat(5000)}"x"]}}`,
        `{${Array.from({ length: 3000 }, (_, n) => `"f${n}":1`).join(',')}}`,
        `{"customHeaders":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
        JSON.stringify({ accountId: id, customHeaders: Array.from({ length: 2000 }, () => ({ name: 1 })) }),
      ];
      const eventBodies = [
        JSON.stringify(
          Array.from({ length: 1000 }, () =>
            Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}`, 1])),
          ),
        ),
        `[${'['.repeat(200_000)}${']'.repeat(200_000)}]`,
      ];
      return () =>
        callers(8, (n) =>
          n < 4
            ? call('POST', '/v1/webhooks', { key, body: bodies[made++ % bodies.length] ?? '' })
            : call('POST', '/v1/events', { key, body: eventBodies[made++ % eventBodies.length] ?? '' }),
        );
    }
    case 'idleConnections': {
      const { hostname, port } = new URL(gateway.url);
      return async () => {
        for (let i = 0; i < 1500 && going; i++) {
          const socket = connect({
            port: Number(port),
            host: hostname,
            localAddress: `127.0.0.${(i % 200) + 2}`,
          });
          socket.on('error', () => {});
          socket.write('POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-le');
          if (i % 50 === 0) await pause(10);
        }
        while (going) await pause(50);
      };
    }
  }
}

const misbehave = await setUp();
process.send?.('ready');
await once(process, 'message');
void misbehave();
await once(process, 'message');
going = false;
process.send?.(Object.fromEntries(answers));
setImmediate(() => process.exit());
