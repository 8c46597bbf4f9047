import { afterEach, beforeEach, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';

let api: HttpFixture;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
});
afterEach(() => api.app.close());

it("the gateway's health is for operators alone", async () => {
  const { status, body } = await api.call('GET', '/v1/gateway');
  expect(status).toBe(200);
  const now = new Date(api.services.clock.now()).toISOString();
  expect(body).toMatchObject({
    ...{ version: '1.2.3', node: process.version, ready: true, detail: 'ready', startedAt: now, at: now },
    ...{ queuedEvents: 6, delivery: { inFlight: 1, openBreakers: 4 }, failing: [], waitingLongest: [] },
    processes: [
      {
        ...{ id: 'a', name: 'a.example.com:7', version: '1.2.3', node: 0, startedAt: now, state: 'leaving' },
        ...{ shards: 100, leads: true, isThis: true, inFlight: 1, queuedEvents: 6 },
      },
      {
        ...{ id: 'b', name: 'b.example.com:7', version: '1.2.4', node: 1, startedAt: now, state: 'atWork' },
        ...{ shards: 156, leads: false, isThis: false, inFlight: null, queuedEvents: null },
      },
    ],
    store: { waiting: 7, oldestPendingAt: now, bytes: { database: 8 } },
  });
  const key = await api.accountKey('acc_1', 'admin');
  expect((await api.call('GET', '/v1/gateway', undefined, { key })).status).toBe(403);
});
