import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';
import { smsDlr } from '../testing/webhook-bodies.ts';
import { costOf } from './call-limits.ts';

let clock: ManualClock;
let api: HttpFixture;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock, {
    callRates: { ofKey: 2, ofAddress: 10, refusedOfAddress: 1 },
    trustedProxies: ['127.0.0.0/8'],
  });
});
afterEach(() => api.app.close());

const list = (key: string | null, ip = '192.0.2.1') =>
  api.call('GET', '/v1/webhooks', undefined, { key, headers: { 'x-forwarded-for': ip } });

async function statusesOf(
  count: number,
  call: () => ReturnType<typeof list>,
): Promise<Record<number, number>> {
  const answers = await Promise.all(Array.from({ length: count }, call));
  const found: Record<number, number> = {};
  for (const { status } of answers) found[status] = (found[status] ?? 0) + 1;
  return found;
}

describe('calls a second', () => {
  it('of a key are taken up to five seconds’ worth at once, and then as they come due', async () => {
    const key = await api.accountKey('acc_1', 'webhooks:read');
    expect(await statusesOf(20, () => list(key))).toEqual({ 200: 10, 429: 10 });
    const refused = await list(key);
    expect(refused.body).toMatchObject({
      code: 'too_many_calls',
      limit: { name: 'callsPerSecondOfKey', value: 2 },
    });
    expect(refused.headers['retry-after']).toBe('1');
    clock.advance(500);
    expect(await statusesOf(2, () => list(key))).toEqual({ 200: 1, 429: 1 });
    const other = await api.accountKey('acc_2', 'webhooks:read');
    expect((await list(other)).status).toBe(200);
  });

  it('do not count events, nor health', async () => {
    const key = await api.accountKey('acc_1', 'events:write');
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    const send = () => api.call('POST', '/v1/events', {}, { key, headers });
    expect(await statusesOf(100, send)).toEqual({ 202: 100 });
    const look = () => api.call('GET', '/healthz', undefined, { key: null, headers });
    expect(await statusesOf(100, look)).toEqual({ 200: 100 });
  });

  it('of an address are taken up to five seconds’ worth at once, whoever calls, behind a proxy too', async () => {
    const open = (ip: string) =>
      api.call('GET', '/openapi.json', undefined, { key: null, headers: { 'x-forwarded-for': ip } });
    expect(await statusesOf(60, () => open('192.0.2.1'))).toEqual({ 200: 50, 429: 10 });
    expect((await open('192.0.2.1')).body).toMatchObject({
      limit: { name: 'callsPerSecondOfAddress', value: 10 },
    });
    expect((await open('192.0.2.2')).status).toBe(200);
    expect(
      (await api.call('GET', '/nowhere', undefined, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status,
    ).toBe(429);
    expect(await statusesOf(60, () => open('2001:db8::1'))).toEqual({ 200: 50, 429: 10 });
    expect((await open('2001:db8::2')).status).toBe(429);
  });

  it('count as several where they cost as much: previews, and large bodies', async () => {
    const key = await api.accountKey('acc_1', 'admin');
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    const preview = () => api.call('POST', '/v1/webhooks/preview', smsDlr, { key, headers });
    expect(await statusesOf(5, preview)).toEqual({ 200: 2, 429: 3 });
    clock.advance(10_000);
    const large = { name: 'x'.repeat(32 * 1024 * 2), scopes: [] };
    const make = () => api.call('POST', '/v1/accounts/acc_1/keys', large, { key, headers });
    const [first] = [await make(), await make(), await make()];
    expect(first?.status).not.toBe(429);
    expect((await make()).status).toBe(429);
    expect(costOf(1, { 'transfer-encoding': 'chunked' })).toBe(9);
    expect(costOf(4, { 'content-length': String(32 * 1024) })).toBe(5);
    expect(costOf(4, { 'content-length': String(32 * 1024 - 1) })).toBe(4);
  });

  it('of an operator’s key have no limit but that of its address', async () => {
    let host = 0;
    const spread = () =>
      api.call('GET', '/v1/webhooks', undefined, { headers: { 'x-forwarded-for': `192.0.2.${host++}` } });
    expect(await statusesOf(40, spread)).toEqual({ 200: 40 });
  });
});

describe('a key that nobody knows', () => {
  it('is refused without a look-up when its address has had its refusals, and known keys are not', async () => {
    const known = await api.accountKey('acc_1', 'webhooks:read');
    expect((await list(known)).status).toBe(200);
    let lookUps = 0;
    const find = api.services.directory.findKeys;
    Object.assign(api.services.directory, {
      findKeys(hashes: readonly string[]) {
        lookUps += hashes.length;
        return find(hashes);
      },
    });
    const guess = () => list(`hw_guess_${Math.random()}`);
    expect(await statusesOf(30, guess)).toEqual({ 401: 10, 429: 20 });
    expect(lookUps).toBe(10);
    expect((await guess()).body).toMatchObject({
      code: 'too_many_calls',
      limit: { name: 'refusedCallsPerSecond', value: 1 },
    });
    expect((await list(known)).status).toBe(200);
    expect((await list(null)).status).toBe(401);
    expect((await list('hw_other', '192.0.2.9')).status).toBe(401);
    clock.advance(1_000);
    expect(await statusesOf(2, guess)).toEqual({ 401: 1, 429: 1 });
    const events = await api.call(
      'POST',
      '/v1/events',
      {},
      { key: 'hw_x', headers: { 'x-forwarded-for': '192.0.2.1' } },
    );
    expect(events.status).toBe(429);
  });

  it('that is looked up and found costs nothing', async () => {
    const keys: string[] = [];
    for (let i = 0; i < 30; i++) keys.push(await api.accountKey(`acc_${i}`, 'webhooks:read'));
    for (const key of keys) expect((await list(key)).status).toBe(200);
  });
});
