import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptRecord, queuedDelivery } from '../../testing/attempts.ts';
import { openLive } from '../../testing/live-client.ts';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { buildOpenApi } from '../openapi/build-open-api.ts';
import { createHttpServer } from '../server.ts';
import { sampleDelivery } from '../testing/deliveries.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';
import { smsDlr } from '../testing/webhook-bodies.ts';

const number = '919812345678';

let clock: ManualClock;
let api: HttpFixture;
let viewer: string;
let developer: string;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
  await api.createAccount('acc_1');
  viewer = await enter('viewer');
  developer = await enter('developer');
});
afterEach(() => api.app.close());

async function enter(role: string): Promise<string> {
  const { body } = await api.call('POST', '/v1/accounts/acc_1/portal-links', { role });
  const token = new URLSearchParams(new URL(String(body.url)).hash.slice(1)).get('token');
  return String((await api.call('POST', '/v1/session/portal-link', { token }, { key: null })).body.token);
}

describe('a viewer', () => {
  it('finds a number by its last 4 digits or by all, and no hidden digit by trying', async () => {
    const codes = {
      5678: 'partial_number',
      45678: 'hidden_digits',
      [number]: undefined,
      '09812345678': 'hidden_digits',
    };
    for (const path of ['/v1/deliveries', '/v1/events']) {
      for (const [asked, code] of Object.entries(codes)) {
        const { text } = await api.call('GET', `${path}?mobileNumber=${asked}`, undefined, { key: viewer });
        const { warnings = [] } = JSON.parse(text) as { warnings?: { code: string }[] };
        expect(warnings[0]?.code, asked).toBe(code);
      }
    }
    const looked = [...api.listed, ...api.searched].map(({ filter }) => filter.mobileNumber);
    const expected = ['5678', '+45678', `+${number}`, '+09812345678'];
    expect(looked.toSorted()).toEqual([...expected, ...expected].toSorted());
    await api.call('GET', '/v1/events?mobileNumber=45678', undefined, { key: developer });
    expect(api.searched.at(-1)?.filter.mobileNumber).toBe('45678');
  });

  it('sees deliveries and events without the numbers that are in them', async () => {
    const sample = sampleDelivery('acc_1');
    const [attempt] = sample.attemptLog;
    if (!attempt) throw new Error('The sample was tried.');
    api.deliveries.set('dlv_1', {
      ...sample,
      event: {
        ...sample.event,
        mobileNumber: `+${number}`,
        attributes: `{"note":"sent to 00${number}","digits":${number}}`,
      },
      attemptLog: [{ ...attempt, responseBody: `{"to":"${number}"}`, errorDetail: `no ${number}` }],
    });
    const paths = ['/v1/deliveries', `/v1/deliveries?mobileNumber=${number}`, '/v1/deliveries/dlv_1'];
    for (const path of [...paths, '/v1/events/evt_1']) {
      const shown = await api.call('GET', path, undefined, { key: viewer });
      expect(shown.status, shown.text).toBe(200);
      expect(shown.text).not.toContain(number);
      expect(shown.text).toContain('"mobileNumber":"+••••••••5678"');
      const whole = await api.call('GET', path, undefined, { key: developer });
      expect(whole.text).toContain(`"mobileNumber":"+${number}"`);
    }
    // Exact matches are still found.
    expect(api.listed.at(-1)?.filter.mobileNumber ?? number).toBe(number);
  });

  it('sees no number of one row of a list in another', async () => {
    const sample = sampleDelivery('acc_1');
    for (const [i, mobileNumber] of [number, '919700000001'].entries()) {
      const event = { ...sample.event, mobileNumber, transactionId: `before 919700000001, behind ${number}` };
      api.deliveries.set(`dlv_${i}`, { ...sample, id: `dlv_${i}`, event });
    }
    const { text } = await api.call('GET', '/v1/deliveries', undefined, { key: viewer });
    expect(text.match(/before •{8}0001, behind •{8}5678/g)).toHaveLength(2);
    expect(text).not.toMatch(/9198123|9197000/);
  });

  it('watches deliveries without the numbers, beside somebody who sees them', async () => {
    const server = createHttpServer(api.services);
    const { url } = await server.listen('127.0.0.1', 0);
    {
      await using masked = await openLive(`${url}/v1/live`, viewer);
      await using whole = await openLive(`${url}/v1/live`, developer);
      const event = { accountId: 'acc_1', mobileNumber: number };
      api.live.attempted(attemptRecord(), queuedDelivery({ acceptedAt: clock.now() }, event));
      clock.advance(50);
      expect((await whole.next())?.data).toMatchObject({ mobileNumber: number });
      const shown = await masked.next();
      expect(shown?.data).toMatchObject({ mobileNumber: '••••••••5678' });
      expect(JSON.stringify(shown)).not.toContain(number);
    }
    api.live.close();
    clock.advance(1_000);
    await server.close();
  });

  it('is shown no number that they saw before they became one', async () => {
    const server = createHttpServer(api.services);
    const { url } = await server.listen('127.0.0.1', 0);
    {
      await using client = await openLive(`${url}/v1/live`, developer);
      const find = api.services.portalLinks.find;
      Reflect.set(api.services.portalLinks, 'find', async (token: string) => {
        const caller = await find(token);
        return caller && { ...caller, masksNumbers: true };
      });
      clock.advance(15_000);
      expect(await client.rest()).toEqual([{ name: 'closed', data: { reason: 'unauthorized' } }]);
    }
    clock.advance(1_000);
    await server.close();
  });

  it('may change nothing', async () => {
    const { paths } = (await buildOpenApi()) as { paths: Record<string, Record<string, unknown>> };
    const calls = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => method !== 'get' && path.startsWith('/v1/') && !path.startsWith('/v1/session'))
        .map((method) => ({ method: method.toUpperCase(), path: path.replace('{id}', 'acc_1') })),
    );
    expect(calls.length).toBeGreaterThan(20);
    for (const { method, path } of calls) {
      if (path === '/v1/webhooks/preview') continue;
      const answer = await api.call(method as 'POST', path, {}, { key: viewer });
      expect(answer.status, `${method} ${path}`).toBe(403);
    }
    const made = await api.call('POST', '/v1/webhooks', smsDlr, { key: developer });
    expect(made.status).toBe(201);
    const secret = `/v1/webhooks/${made.body.id}/secret`;
    expect((await api.call('GET', secret, undefined, { key: viewer })).status).toBe(403);
    for (const path of ['/v1/people', '/v1/audit', '/v1/accounts/acc_1/keys', '/v1/accounts', '/v1/tasks']) {
      expect((await api.call('GET', path, undefined, { key: viewer })).status, path).toBe(403);
    }
  });
});
