import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EndpointAnswer } from '../src/receiver/answer.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { expired } from '../src/testing/receiver/certificates.ts';
import { createReceiver, type TestReceiverOptions } from '../src/testing/receiver/receiver.ts';

interface TrialAnswer {
  readonly response: {
    readonly statusCode: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
    readonly truncated: boolean;
  } | null;
  readonly error: { readonly class: string; readonly detail: string } | null;
  readonly durationMs: number;
}

/** Of endpoints that do not end in time; the others have one that nothing here comes to, however busy the machine is. */
const deadlineMs = 1_000;
const ampleMs = 30_000;

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await openGateway({
    resolve: (name, _options, callback) =>
      name === 'hooks.example'
        ? callback(null, [{ address: '127.0.0.1', family: 4 }])
        : callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), []),
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

interface Expected {
  readonly end?: 'failed' | 'delivered';
  readonly timeoutMs?: number;
}

/** Sends one report for real and one as a test, to a webhook that gives up after its first attempt. */
async function sendBoth(url: string, { end = 'failed', timeoutMs = ampleMs }: Expected = {}) {
  const accountId = await gateway.createAccount();
  const settings = { timeoutMs, retry: { maxAttempts: 1 } };
  const { id } = await gateway.createWebhook(accountId, { url, settings });
  const report = { accountId, product: 'sms', reportType: 'dlr', messageId: 'm', status: 'delivered' };
  const [{ events }, trial] = await Promise.all([
    gateway.accept(report),
    gateway.api<TrialAnswer>('POST', `/v1/webhooks/${id}/test`),
  ]);
  await gateway.idle();
  const { state, stateReason, attempts } = await gateway.deliveryOf(events[0]?.id);
  const [attempt] = attempts;
  expect({ state, stateReason, attempts: attempts.length, trial: trial.status }).toEqual({
    state: end,
    stateReason: end === 'failed' ? 'attempts_exhausted' : null,
    attempts: 1,
    trial: 200,
  });
  if (!attempt) throw new Error('No attempt.');
  const error = end === 'failed' ? { class: attempt.errorClass, detail: attempt.errorDetail } : null;
  if (error) expect(trial.body.error).toMatchObject(error);
  else expect(trial.body.error).toBeNull();
  expect(trial.body.response?.statusCode ?? null).toBe(attempt.statusCode);
  return { attempt, trial: trial.body };
}

async function sendTo(answer: EndpointAnswer, options: TestReceiverOptions = {}, expected: Expected = {}) {
  await using receiver = await createReceiver({ ...options, script: [answer] });
  return await sendBoth(`${receiver.url}/hook`, expected);
}

/** Takes connections and never says a word. */
async function silentServer() {
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, close: () => server.close() };
}

describe('an endpoint that does not end in time', () => {
  it('is cut off in its body when it sends a byte a second', async () => {
    const { attempt, trial } = await sendTo('drip', {}, { timeoutMs: deadlineMs });
    expect(attempt).toMatchObject({ errorClass: 'timeout_body', statusCode: 200 });
    expect(attempt.durationMs).toBeGreaterThan(deadlineMs - 50);
    expect(attempt.errorDetail).toContain('did not finish within 1 s');
    // The second byte comes when the time is over, or it and others while the machine is busy.
    const body = expect.stringMatching(/^\.+$/);
    expect(trial.response).toMatchObject({ statusCode: 200, body, truncated: false });
  });

  it('is cut off before its headers when it never answers', async () => {
    const { attempt, trial } = await sendTo('timeout', {}, { timeoutMs: deadlineMs });
    expect(attempt).toMatchObject({ errorClass: 'timeout_headers', statusCode: null, responseBody: null });
    expect(attempt.durationMs).toBeGreaterThan(deadlineMs - 50);
    expect(trial.response).toBeNull();
  });

  it('is cut off while connecting when it does not finish the TLS handshake', async () => {
    const { port, close } = await silentServer();
    const { attempt } = await sendBoth(`https://127.0.0.1:${port}/`, { timeoutMs: deadlineMs });
    close();
    expect(attempt).toMatchObject({ errorClass: 'timeout_connect', statusCode: null });
    expect(attempt.durationMs).toBeGreaterThan(deadlineMs - 50);
  });
});

describe('an endpoint that sends too much', () => {
  it('is cut off at 64 KiB of body, and has taken the report by its status', async () => {
    const { attempt, trial } = await sendTo('endless', {}, { end: 'delivered' });
    expect(attempt).toMatchObject({
      errorClass: null,
      statusCode: 200,
      responseBody: 'x'.repeat(2_048),
    });
    expect(trial.response).toMatchObject({ body: 'x'.repeat(65_536), truncated: true });
  });

  it('is cut off at 64 KiB of headers', async () => {
    const { attempt } = await sendTo('huge-headers');
    expect(attempt).toMatchObject({ errorClass: 'too_large', statusCode: null });
  });

  it('is cut off when one 1xx answer follows the other', async () => {
    const { attempt } = await sendTo('informational');
    expect(attempt).toMatchObject({ errorClass: 'invalid_response', statusCode: null });
  });
});

describe('an endpoint that breaks off', () => {
  it.each(['reset', 'close'] as const)('is a reset connection when it does %s', async (how) => {
    const { attempt } = await sendTo(how);
    expect(attempt).toMatchObject({ errorClass: 'reset', statusCode: null });
  });

  it('is a reset connection when it closes half way, and what came is shown', async () => {
    const { attempt, trial } = await sendTo('half');
    expect(attempt).toMatchObject({ errorClass: 'reset', statusCode: 200, responseBody: 'half of it' });
    expect(attempt.errorDetail).toContain('in the middle of its answer');
    expect(trial.response).toMatchObject({ statusCode: 200, body: 'half of it' });
  });
});

describe('an endpoint that is not what it should be', () => {
  it('is an invalid response when it does not speak HTTP', async () => {
    const { attempt } = await sendTo('garbage');
    expect(attempt).toMatchObject({ errorClass: 'invalid_response', statusCode: null });
  });

  it('is refused when nobody listens', async () => {
    const { port, close } = await silentServer();
    close();
    const { attempt } = await sendBoth(`http://127.0.0.1:${port}/`);
    expect(attempt).toMatchObject({ errorClass: 'refused', statusCode: null });
  });

  it('is a DNS failure when its name has no address', async () => {
    const { attempt } = await sendBoth('http://nowhere.example/');
    expect(attempt).toMatchObject({ errorClass: 'dns', statusCode: null });
    expect(attempt.errorDetail).toContain('nowhere.example has no address in DNS');
  });

  it.each<[string, TestReceiverOptions, string]>([
    ['self-signed', { tls: true }, 'self-signed'],
    ['expired', { tls: expired }, 'expired'],
  ])('is a TLS failure when its certificate is %s', async (_, options, word) => {
    const { attempt } = await sendTo(200, options);
    expect(attempt).toMatchObject({ errorClass: 'tls', statusCode: null });
    expect(attempt.errorDetail).toMatch(new RegExp(word));
  });

  it('is a TLS failure when it speaks plain HTTP on an https URL', async () => {
    await using receiver = await createReceiver();
    const { attempt } = await sendBoth(receiver.url.replace('http:', 'https:'));
    expect(attempt).toMatchObject({ errorClass: 'tls', statusCode: null });
  });

  it('is given nothing before its certificate has been checked', async () => {
    await using receiver = await createReceiver({ tls: true });
    await sendBoth(receiver.url);
    expect(receiver.requests).toHaveLength(0);
  });
});

describe('a redirect', () => {
  it('to a metadata address is not followed, and says so', async () => {
    const { attempt, trial } = await sendTo({
      status: 302,
      headers: { location: 'http://169.254.169.254/latest/meta-data/?secret=1' },
      body: 'moved',
    });
    expect(attempt).toMatchObject({ errorClass: 'redirect', statusCode: 302, responseBody: 'moved' });
    expect(attempt.errorDetail).toContain('http://169.254.169.254/latest/meta-data/;');
    expect(attempt.errorDetail).not.toContain('secret');
    expect(trial.response?.headers).toContainEqual([
      'location',
      'http://169.254.169.254/latest/meta-data/?secret=1',
    ]);
  });

  it.each([301, 303, 307, 308])(
    'of %i to an address that may be called is not followed either',
    async (status) => {
      await using target = await createReceiver();
      const { attempt } = await sendTo({ status, headers: { location: `${target.url}/elsewhere` } });
      expect(attempt).toMatchObject({ errorClass: 'redirect', statusCode: status });
      expect(target.requests).toHaveLength(0);
    },
  );
});
