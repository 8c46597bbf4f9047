import { once } from 'node:events';
import { createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { ErrorClass } from '../src/core/delivery.ts';
import type { EndpointAnswer } from '../src/receiver/answer.ts';
import { eventually } from '../src/testing/eventually.ts';
import { type GatewayFixture, openGateway, type ShownDelivery } from '../src/testing/gateway-fixture.ts';
import { expired, selfSigned, stranger } from '../src/testing/receiver/certificates.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';
import { startReceiversApart } from './receivers/receivers-apart.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const mebibyte = 2 ** 20;
const events = 40;
/** How many of them at least a bad endpoint has failed at before its breaker opens; it begins with as many at once. */
const failures = 8;
/** Far more than an endpoint needs that answers at all, also on a loaded machine. */
const deadlineMs = 3_000;

const gzip = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
/** A small answer that would be 40 MiB. */
const bomb: EndpointAnswer = { status: 200, headers: gzip, body: gzipSync(Buffer.alloc(40 * mebibyte)) };

interface Place {
  readonly what: string;
  readonly answer?: EndpointAnswer;
  /** Its certificate, where it speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The webhook's deadline, where the endpoint makes use of it. */
  readonly timeoutMs?: number;
  /** Changes the receiver's URL. */
  readonly url?: (receiver: string) => string;
  /** The class of every failure; `null` where every report is delivered. */
  readonly expected: ErrorClass | null;
}

const wellPlaces = [
  { what: 'a good one', tls: undefined },
  { what: 'a good one by TLS', tls: selfSigned },
];

const badPlaces: readonly Place[] = [
  { what: 'a bomb that nobody inflates', answer: bomb, expected: null },
  { what: 'slow body', answer: 'drip', timeoutMs: deadlineMs, expected: 'timeout_body' },
  { what: 'endless body', answer: 'endless', expected: null },
  { what: 'reset', answer: 'reset', expected: 'reset' },
  { what: 'closed', answer: 'close', expected: 'reset' },
  { what: 'half an answer', answer: 'half', expected: 'reset' },
  { what: 'garbage', answer: 'garbage', expected: 'invalid_response' },
  { what: 'huge headers', answer: 'huge-headers', expected: 'too_large' },
  { what: '1xx without end', answer: 'informational', expected: 'invalid_response' },
  { what: 'never answers', answer: 'timeout', timeoutMs: deadlineMs, expected: 'timeout_headers' },
  {
    what: 'redirect to metadata',
    answer: { status: 302, headers: { location: 'http://169.254.169.254/' } },
    expected: 'redirect',
  },
  {
    what: 'a large bomb',
    answer: { status: 200, headers: gzip, body: gzipSync(Buffer.alloc(160 * mebibyte)) },
    expected: null,
  },
  { what: 'server error', answer: 500, expected: 'status' },
  { what: 'certificate by nobody', tls: stranger, expected: 'tls' },
  { what: 'expired certificate', tls: expired, expected: 'tls' },
  {
    what: 'certificate of another host',
    tls: selfSigned,
    url: (url) => url.replace('127.0.0.1', 'other.example'),
    expected: 'tls',
  },
  { what: 'no TLS there', url: (url) => url.replace('http:', 'https:'), expected: 'tls' },
  { what: 'no such name', url: () => 'http://nowhere.example/', expected: 'dns' },
];

/** Where nobody listens. */
async function refusingUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

interface Target extends Pick<Place, 'what' | 'timeoutMs' | 'expected'> {
  readonly url: string;
}

/** One account whose every event goes to every place. */
async function sendToAll(gateway: GatewayFixture, targets: readonly Target[]) {
  const accountId = await gateway.createAccount();
  const webhooks: (Target & { readonly id: string })[] = [];
  // One after another, over one connection.
  for (const target of targets) {
    const { url, timeoutMs = 15_000 } = target;
    const settings = { timeoutMs, retry: { maxAttempts: 1 } };
    webhooks.push({ ...target, id: (await gateway.createWebhook(accountId, { url, settings })).id });
  }
  await gateway.accept(
    Array.from({ length: events }, (_, i) => ({
      ...{ accountId, product: 'sms', reportType: 'dlr', messageId: `m${i}`, status: 'delivered' },
    })),
  );
  return webhooks;
}

type Sent = Awaited<ReturnType<typeof sendToAll>>[number];

async function historyOf(gateway: GatewayFixture, { id }: Sent): Promise<readonly ShownDelivery[]> {
  const path = `/v1/deliveries?webhookId=${id}&limit=500`;
  return (await gateway.api<{ data: ShownDelivery[] }>('GET', path)).body.data;
}

/** Bytes that the program holds on to, buffers outside of the heap included. */
async function held(): Promise<number> {
  collectGarbage();
  await setImmediate();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(TCPSocket|TLS|TCPConnect)Wrap$/.test(name)).length;

it('all bad endpoints at once hurt nothing but themselves', async () => {
  await using gateway = await openGateway({
    ca: selfSigned.cert,
    resolve: (name, _options, callback) =>
      name === 'other.example'
        ? callback(null, [{ address: '127.0.0.1', family: 4 }])
        : callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), []),
  });
  await using stack = new AsyncDisposableStack();
  const targets: Target[] = [
    { url: await refusingUrl(), what: 'nobody there', expected: 'refused' as const },
  ];
  const good = new Map<string, Receiver>();
  for (const { what, tls } of wellPlaces) {
    const receiver = stack.use(await createReceiver({ ...(tls && { tls }) }));
    good.set(what, receiver);
    targets.push({ url: receiver.url, what, expected: null });
  }
  const bad = stack.use(await startReceiversApart(badPlaces));
  badPlaces.forEach(({ url = String, ...place }, i) => {
    targets.push({ ...place, url: url(bad.urls[i] ?? '') });
  });

  /** Sends to all, waits until the bad ones' breakers are open, looks at what came of it, and takes all away again. */
  async function round(): Promise<void> {
    expect((await gateway.api('GET', '/readyz')).status).toBe(200);
    const before = sockets();
    const webhooks = await sendToAll(gateway, targets);
    for (const receiver of good.values()) await receiver.take(events);
    // Nobody has waited for those that waste their time.
    for (const webhook of webhooks.filter(({ timeoutMs }) => timeoutMs === deadlineMs)) {
      expect(await historyOf(gateway, webhook)).toContainEqual(expect.objectContaining({ state: 'pending' }));
    }

    for (const webhook of webhooks) {
      const { what, expected } = webhook;
      const history = await eventually(
        () => historyOf(gateway, webhook),
        (found) =>
          found.filter(({ state }) => state !== 'pending').length >= (expected === null ? events : failures),
      );
      const ended = history.filter(({ state }) => state !== 'pending');
      expect({ what, found: history.length }).toEqual({ what, found: events });
      for (const { state, errorClass } of ended) {
        const wanted = expected === null ? 'delivered' : 'failed';
        expect({ what, state, errorClass }).toEqual({ what, state: wanted, errorClass: expected });
      }
    }
    for (const { id } of webhooks)
      expect((await gateway.api('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    await gateway.idle();
    await eventually(sockets, (open) => open <= before);
  }

  await round();
  const before = await held();
  await round();
  await eventually(held, (bytes) => bytes - before < 10 * mebibyte);
  expect((await gateway.api('GET', '/readyz')).status).toBe(200);
});
