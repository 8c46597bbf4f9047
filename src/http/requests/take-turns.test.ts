import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';

let clock: ManualClock;
let api: HttpFixture;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
});
afterEach(() => api.app.close());

/** Lists of deliveries that wait until the test lets them go on; how many the store was asked at once. */
function holdLists() {
  const held: (() => void)[] = [];
  const seen = { underWay: 0, most: 0 };
  const { listDeliveries } = api.services.history;
  Object.assign(api.services.history, {
    async listDeliveries(...asked: Parameters<typeof listDeliveries>) {
      seen.underWay++;
      seen.most = Math.max(seen.most, seen.underWay);
      await new Promise<void>((resolve) => held.push(resolve));
      seen.underWay--;
      return await listDeliveries(...asked);
    },
  });
  return { held, seen };
}

describe('lists of an account', () => {
  it('are under way a few at once; the rest wait, and beyond that are refused with the limit', async () => {
    const key = await api.accountKey('acc_a', 'deliveries:read');
    const other = await api.accountKey('acc_b', 'deliveries:read');
    const { held, seen } = holdLists();
    const list = (key: string) => api.call('GET', '/v1/deliveries', undefined, { key });
    const answers = Array.from({ length: 4 + 50 }, () => list(key));
    await eventually(
      () => held.length,
      (count) => count === 4,
    );
    const refused = await list(key);
    expect(refused.body).toMatchObject({
      status: 429,
      code: 'slow_down',
      limit: { name: 'lists', value: 4 },
    });
    expect(refused.headers['retry-after']).toBe('1');
    const theirs = list(other);
    await eventually(
      () => held.length,
      (count) => count === 5,
    );
    const all = Promise.all([...answers, theirs]);
    let done = false;
    void all.then(() => {
      done = true;
    });
    while (!done) {
      held.splice(0).forEach((go) => void go());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(new Set((await all).map(({ status }) => status))).toEqual(new Set([200]));
    expect(seen.most).toBe(5);
  });

  it('hold up neither its events nor its changes', async () => {
    const key = await api.accountKey('acc_a', 'deliveries:read', 'events:write', 'admin');
    const { held } = holdLists();
    const lists = Array.from({ length: 10 }, () => api.call('GET', '/v1/deliveries', undefined, { key }));
    await eventually(
      () => held.length,
      (count) => count === 4,
    );
    expect((await api.call('POST', '/v1/events', { any: 'event' }, { key })).status).toBe(202);
    expect(
      (await api.call('POST', '/v1/accounts/acc_a/keys', { name: 'k', scopes: ['admin'] }, { key })).status,
    ).toBe(201);
    let done = false;
    void Promise.all(lists).then(() => {
      done = true;
    });
    while (!done) {
      held.splice(0).forEach((go) => void go());
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

describe('a client that takes nothing of its answers', () => {
  const open: Socket[] = [];
  afterEach(() => open.splice(0).forEach((socket) => void socket.destroy()));

  it('is cut off after 30 s, and only then another call of its account goes on', async () => {
    const key = await api.accountKey('acc_a', 'deliveries:read');
    const long = 'x'.repeat(8 * 1024 * 1024);
    Object.assign(api.services.history, {
      listDeliveries: async () => ({ data: [], nextCursor: long }),
    });
    const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }));
    const request = `GET /v1/deliveries HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`;
    const closed: number[] = [];
    for (let i = 0; i < 4; i++) {
      const socket = connect(Number(port), '127.0.0.1');
      open.push(socket);
      socket.pause();
      socket.once('close', () => closed.push(i));
      socket.write(request);
    }
    await eventually(
      () => clock.waiting,
      (timers) => timers === 4,
    );
    Object.assign(api.services.history, { listDeliveries: async () => ({ data: [], nextCursor: null }) });
    let answered = false;
    const fifth = api.call('GET', '/v1/deliveries', undefined, { key }).then((answer) => {
      answered = true;
      return answer;
    });
    for (let i = 0; i < 2; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      expect(answered).toBe(false);
      clock.advance(15_000);
    }
    clock.advance(15_000);
    expect((await fifth).status).toBe(200);
    expect(clock.waiting).toBe(0);
  });
});
