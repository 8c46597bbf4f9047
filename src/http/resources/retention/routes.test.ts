import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../testing/http-fixture.ts';

let api: HttpFixture;
beforeEach(async () => {
  // 2026-11-22T10:00:00Z
  api = await createHttpFixture(createManualClock());
});
afterEach(() => api.app.close());

describe('how long things are kept', () => {
  it('is told an account by any of its keys, with the instants that follow', async () => {
    const key = await api.accountKey('acc_1', 'events:write');
    await api.call('PATCH', '/v1/accounts/acc_1', { keep: { payloadDays: 7, logDays: 0 } });
    expect((await api.call('GET', '/v1/retention', undefined, { key })).body).toEqual({
      accountId: 'acc_1',
      payload: { days: 7, own: 7, ofAll: 30, since: '2026-11-15T10:00:00.000Z' },
      log: { days: 0, own: 0, ofAll: 400, since: null },
      audit: { days: 400, own: null, ofAll: 400, since: '2025-10-18T10:00:00.000Z' },
    });
    await api.createAccount('acc_2');
    const other = await api.call('GET', '/v1/retention?accountId=acc_2', undefined, { key });
    expect(other.status).toBe(404);
  });

  it('is not told of an account that there is not', async () => {
    const { body } = await api.call('GET', '/v1/retention?accountId=acc_none');
    expect([body.status, body.errors]).toEqual([
      422,
      [{ path: 'accountId', message: 'There is no account "acc_none".' }],
    ]);
  });

  it('is told an operator of one account, or of those that have no times of their own', async () => {
    await api.createAccount('acc_1');
    await api.call('PATCH', '/v1/accounts/acc_1', { keep: { logDays: 90 } });
    expect((await api.call('GET', '/v1/retention?accountId=acc_1')).body).toMatchObject({
      accountId: 'acc_1',
      payload: { days: 30, own: null },
      log: { days: 90, own: 90, ofAll: 400 },
    });
    expect((await api.call('GET', '/v1/retention')).body).toMatchObject({
      accountId: null,
      payload: { days: 30, own: null, ofAll: 30 },
      log: { days: 400, own: null, ofAll: 400 },
    });
  });
});
