import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, openGateway, operatorKey } from '../../src/testing/gateway-fixture.ts';

/**
 * CPU of the main thread that one call may cost, with that of the client, which is here the same thread; where the machine is slower
 * than the one that this is for, or others are at work on the same core, as much more as {@link slowness} says.
 */
const mostCpuMs = 150;
const mostAnswerBytes = 64 * 1024;
const kibibyte = 1024;

let gateway: GatewayFixture;
let webhookId: string;
let viewerToken: string;
beforeAll(async () => {
  gateway = await openGateway();
  await gateway.api('POST', '/v1/accounts', { name: 'Acme', id: 'acme' });
  viewerToken = await enterAsViewer();
  webhookId = (await gateway.createWebhook('acme', { url: 'http://127.0.0.1:9/' })).id;
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** Numbers are masked for viewers, so that what they preview is looked through once more. */
async function enterAsViewer(): Promise<string> {
  const made = await gateway.api<{ url: string }>('POST', '/v1/accounts/acme/portal-links', {
    role: 'viewer',
  });
  const token = new URLSearchParams(new URL(made.body.url).hash.slice(1)).get('token');
  return (await gateway.api<{ token: string }>('POST', '/v1/session/portal-link', { token })).body.token;
}

interface Call {
  readonly isViewers?: boolean;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly body: string;
  /** As gzip. */
  readonly isPacked?: boolean;
}

async function send({
  method,
  path,
  body,
  isViewers = false,
  isPacked = false,
}: Call): Promise<{ status: number; text: string; cpuMs: number }> {
  const key = isViewers ? viewerToken : operatorKey;
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    ...(isPacked && { 'content-encoding': 'gzip' }),
  };
  const sent = isPacked ? gzipSync(body, { level: 1 }) : Buffer.from(body);
  const before = process.threadCpuUsage();
  const answer = await request(`${gateway.gateway.url}${path}`, { method, headers, body: sent });
  const text = await answer.body.text();
  const { user, system } = process.threadCpuUsage(before);
  return { status: answer.statusCode, text, cpuMs: (user + system) / 1000 };
}

/** 4 MiB of the commonest JSON, and the CPU that reading them takes on the machine that the bound is for. */
const common = times(160_000, '{"name":"a","value":"b"}');
const commonCpuMs = 34;

/** How many times as much CPU as there something takes here and now, 1 at least. */
function slowness(): number {
  const before = process.threadCpuUsage();
  JSON.parse(common);
  const { user, system } = process.threadCpuUsage(before);
  return Math.max(1, (user + system) / 1000 / commonCpuMs);
}

/** What an input costs is what it costs at best: a collection of garbage may fall to any call, but not to each of four. */
async function expectCheap(call: Call, what: string): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 4 && least > mostCpuMs; tries++) {
    const { status, text, cpuMs } = await send(call);
    least = Math.min(least, cpuMs > mostCpuMs ? cpuMs / slowness() : cpuMs);
    expect(status, what).toBeLessThan(500);
    if (status >= 400) expect(Buffer.byteLength(text), what).toBeLessThan(mostAnswerBytes);
  }
  expect(least, what).toBeLessThan(mostCpuMs);
}

/** JSON of at most so many bytes: as much of a shape as fits. */
type Shape = (bytes: number) => string;

function repeat(unit: (i: number) => string, open = '[', close = ']'): Shape {
  return (bytes) => {
    const units: string[] = [];
    for (let i = 0, length = 2; ; i++) {
      const next = unit(i);
      length += Buffer.byteLength(next) + 1;
      if (length > bytes) return open + units.join(',') + close;
      units.push(next);
    }
  };
}

function text(unit: string): Shape {
  return (bytes) => `"${unit.repeat(Math.max(0, Math.floor((bytes - 2) / Buffer.byteLength(unit))))}"`;
}

function nest(open: string, close: string): Shape {
  return (bytes) => {
    const levels = Math.max(1, Math.floor((bytes - 1) / (open.length + close.length)));
    return `${open.repeat(levels)}1${close.repeat(levels)}`;
  };
}

/** Makes the same only once: to make 4 MiB of small items costs more than what they are sent to. */
function kept(shape: Shape): Shape {
  let [text, length] = ['', -1];
  return (bytes) => {
    if (bytes !== length) [text, length] = [shape(bytes), bytes];
    return text;
  };
}

const made: Readonly<Record<string, Shape>> = {
  'equal items': repeat(() => '"delivered"'),
  'equal objects': repeat(() => '{"name":"a","value":"b"}'),
  'small numbers': repeat(() => '1'),
  'long fractions': repeat((i) => `0.${i}e-${i % 300}`),
  'numbers that grow when written': repeat(() => '1e20'),
  'one huge number': (bytes) => '9'.repeat(bytes),
  'empty objects': repeat(() => '{}'),
  'empty lists': repeat(() => '[]'),
  'short texts': repeat((i) => `"${i.toString(36)}"`),
  'objects that each begin in another way': repeat((i) => `{"${i.toString(36)}":1}`),
  'objects with the same few names': repeat((i) => `{"a${i % 9}":${i},"b":"${i % 100}"}`),
  'phone numbers': repeat((i) => `{"from":"9198${10_000_000 + i * 37}"}`),
  'phone numbers that begin alike': repeat((i) =>
    i < 2_000 ? `{"from":"91981234${1_000 + i}"}` : `"${Buffer.from(`91981234${i}`).toString('base64url')}"`,
  ),
  'phone numbers that end alike': repeat((i) => `{"from":"${1_000 + i}12345678"}`),
  'unknown fields': repeat((i) => `"f${i}":1`, '{', '}'),
  'fields with numbers as names': repeat((i) => `"${i * 7}":1`, '{', '}'),
  'one field again and again': repeat(() => '"a":1', '{', '}'),
  'keys of prototypes': repeat(() => '{"__proto__":{"a":1},"constructor":{"prototype":1}}'),
  'one long name': (bytes) => `{${text('k')(bytes - 5)}:1}`,
  'long names': repeat((i) => `"${'n'.repeat(300)}${i}":1`, '{', '}'),
  'a long text': text('x'),
  'a text of escapes': text('\\u0441'),
  'a text of quotes': text('\\"'),
  'a text of halves of characters': text('\\ud800'),
  'a text of emoji': text('👩'),
  'a text of combining marks': text('\u0301'),
  'lists in lists': nest('[', ']'),
  'objects in objects': nest('{"a":', '}'),
  'lists of 50 levels': repeat(() => '['.repeat(50) + ']'.repeat(50)),
  blanks: (bytes) => `${' '.repeat(Math.max(0, bytes - 1))}1`,
  'an end that is no JSON': (bytes) => `${repeat(() => '{"a":1}')(bytes - 1)}x`,
};

const shapes = Object.fromEntries(Object.entries(made).map(([what, shape]) => [what, kept(shape)]));

const sms = {
  accountId: 'acme',
  product: 'sms',
  reportType: 'dlr',
  method: 'JSON',
  url: 'http://127.0.0.1:9/',
  parameterNames: {
    transactionId: 'a',
    messageId: 'b',
    errorCode: 'c',
    mobileNumber: 'd',
    receivedTime: 'e',
    deliveredTime: 'f',
  },
};
const dlr = { accountId: 'acme', product: 'sms', reportType: 'dlr', status: 'sent', messageId: 'm1' };
const mo = {
  accountId: 'acme',
  product: 'whatsapp',
  reportType: 'mo',
  mobileNumber: '919812345678',
  messageId: 'm2',
};

/** An object with one more field, whose value is given as JSON. */
function withField(object: object, name: string, value: string): string {
  const start = JSON.stringify(object).slice(0, -1);
  return `${start}${start === '{' ? '' : ','}${JSON.stringify(name)}:${value}}`;
}

function message(value: string): string {
  return withField({ type: 'text' }, 'more', value);
}

function times(count: number, item: string): string {
  return `[${Array.from({ length: count }, () => item).join(',')}]`;
}

/** Puts a shape of nearly as many bytes as the route takes somewhere into its body. */
type Place = (shape: Shape) => Call;

function place(
  path: () => string,
  bytes: number,
  body: (shape: Shape, bytes: number) => string,
  method: Call['method'] = 'POST',
): Place {
  return (shape) => ({ method, path: path(), body: body(shape, bytes - 600) });
}

const events = (body: (shape: Shape, bytes: number) => string) =>
  place(() => '/v1/events', 4096 * kibibyte, body);
const webhooks = (body: (shape: Shape, bytes: number) => string) =>
  place(() => '/v1/webhooks', 256 * kibibyte, body);
const typed = (path: string, field: string) =>
  place(
    () => path.replace(':id', webhookId),
    16 * kibibyte,
    (shape, bytes) => withField({}, field, shape(bytes)),
  );

const places: Readonly<Record<string, Place>> = {
  'the body of events': events((shape, bytes) => shape(bytes)),
  "an event's unknown field": events((shape, bytes) => withField(dlr, 'more', shape(bytes))),
  "an event's text": events((shape, bytes) => withField(dlr, 'transactionId', shape(bytes))),
  "an event's own id": events((shape, bytes) => withField(dlr, 'id', shape(bytes))),
  'one message': events((shape, bytes) => withField(mo, 'message', message(shape(bytes)))),
  '15 messages': events((shape) => times(15, withField(mo, 'message', message(shape(250 * kibibyte))))),
  '200 times attributes': events((shape) =>
    times(200, withField(dlr, 'attributes', withField({}, 'more', shape(16_000)))),
  ),
  '1,000 times attributes': events((shape) =>
    times(1_000, withField(dlr, 'attributes', withField({}, 'more', shape(3_900)))),
  ),
  '1,000 events that are none': events((shape) => times(1_000, shape(4_000))),
  '1,000 unknown fields': events((shape) => times(1_000, withField(dlr, 'more', shape(4_000)))),
  'packed events': (shape) => ({
    ...events((each) => times(1_000, withField(dlr, 'attributes', withField({}, 'more', each(3_900)))))(
      shape,
    ),
    isPacked: true,
  }),
  'the body of a webhook': webhooks((shape, bytes) => shape(bytes)),
  'headers of a webhook': webhooks((shape, bytes) => withField(sms, 'customHeaders', shape(bytes))),
  'the URL of a webhook': webhooks((shape, bytes) => withField(sms, 'url', shape(bytes))),
  'names of a webhook': webhooks((shape, bytes) => withField(sms, 'parameterNames', shape(bytes))),
  'the number of a webhook': webhooks((shape, bytes) => withField(sms, 'productUniqueId', shape(bytes))),
  'statuses of a webhook': webhooks((shape, bytes) =>
    withField(sms, 'settings', withField({}, 'statuses', shape(bytes))),
  ),
  'codes of a webhook': webhooks((shape, bytes) =>
    withField(sms, 'settings', withField({}, 'success', withField({}, 'codes', shape(bytes)))),
  ),
  'the version of a changed webhook': place(
    () => `/v1/webhooks/${webhookId}`,
    256 * kibibyte,
    (shape, bytes) => withField(sms, 'version', shape(bytes)),
    'PUT',
  ),
  'the body of a preview': place(
    () => '/v1/webhooks/preview',
    640 * kibibyte,
    (shape, bytes) => shape(bytes),
  ),
  'the event of a preview': place(
    () => '/v1/webhooks/preview',
    640 * kibibyte,
    (shape, bytes) => withField(sms, 'event', shape(bytes)),
  ),
  'the message of a preview as XML': place(
    () => '/v1/webhooks/preview',
    256 * kibibyte,
    (shape, bytes) =>
      withField(
        {
          accountId: 'acme',
          product: 'whatsapp',
          reportType: 'mo',
          method: 'XML',
          url: 'http://127.0.0.1:9/',
        },
        'event',
        withField({}, 'message', message(shape(bytes))),
      ),
  ),
  'the message of a preview for a viewer': (shape) => ({
    method: 'POST',
    path: '/v1/webhooks/preview',
    isViewers: true,
    body: withField(
      { product: 'whatsapp', reportType: 'mo', method: 'JSON', url: 'http://127.0.0.1:9/' },
      'event',
      withField({}, 'message', message(shape(250 * kibibyte))),
    ),
  }),
  'the event of a test': place(
    () => `/v1/webhooks/${webhookId}/test`,
    384 * kibibyte,
    (shape, bytes) => withField({}, 'event', shape(bytes)),
  ),
  'a sign-in': typed('/v1/session', 'email'),
  'a link that is opened': typed('/v1/session/portal-link', 'token'),
  'an account': typed('/v1/accounts', 'name'),
  'scopes of a key': typed('/v1/accounts/acme/keys', 'scopes'),
  'a sender': typed('/v1/senders', 'productUniqueId'),
  'a person': typed('/v1/people', 'email'),
  'a filter to replay': typed('/v1/deliveries/replay', 'messageId'),
  'states to recover': typed('/v1/webhooks/:id/recover', 'states'),
  'hours of a rotation': typed('/v1/webhooks/:id/secret/rotate', 'overlapHours'),
  'a portal link': typed('/v1/accounts/acme/portal-links', 'path'),
};

describe('no input costs the main thread more than 150 ms, or is refused with more than 64 KiB', () => {
  it.each(Object.entries(places))(
    'whatever stands in %s',
    async (_name, put) => {
      for (const [what, shape] of Object.entries(shapes)) await expectCheap(put(shape), what);
    },
    180_000,
  );

  it('and however shapes are mixed', async () => {
    const shape = fc.constantFrom(...Object.values(shapes));
    // One within the other: items of a list or values of an object are themselves as much of another shape as fits.
    const mixed = fc.tuple(shape, shape, fc.integer({ min: 1, max: 3_000 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(places)),
        mixed,
        async (put, [a, b, size, isList]) => {
          const parts: Shape = isList
            ? repeat((i) => (i % 2 === 0 ? a(size) : b(size)))
            : repeat((i) => `"p${i}":${i % 2 === 0 ? a(size) : b(size)}`, '{', '}');
          await expectCheap(put(parts), 'a mixture');
        },
      ),
      { numRuns: 60 },
    );
  }, 900_000);
});
