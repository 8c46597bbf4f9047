import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../../../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../../../testing/http-fixture.ts';
import { smsDlr } from '../../../testing/webhook-bodies.ts';

let clock: ManualClock;
let api: HttpFixture;
let key: string;
let webhookId: string;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
  key = await api.accountKey('acc_1', 'deliveries:replay', 'webhooks:write');
  webhookId = String((await api.call('POST', '/v1/webhooks', smsDlr, { key })).body.id);
});
afterEach(() => api.app.close());

const from = '2026-11-22T10:00:00.000Z';
const at = Date.UTC(2026, 10, 22, 10);

describe('recovering a webhook', () => {
  const recover = (body: object, options = { key }) =>
    api.call('POST', `/v1/webhooks/${webhookId}/recover`, body, options);

  it('starts a task for what failed', async () => {
    const answer = await recover({ from });
    expect([answer.status, answer.body]).toEqual([202, { taskId: 'task_1' }]);
    expect(answer.headers.location).toBe('/v1/tasks/task_1');
    expect(api.tasks.requests).toEqual([
      { accountId: 'acc_1', kind: 'recover', filter: { webhookId, from: at }, states: ['failed'] },
    ]);
  });

  it('takes an end and other states', async () => {
    await recover({ from, to: '2026-11-22T16:00:00+05:30', states: ['skipped', 'delivered'] });
    expect(api.tasks.requests).toMatchObject([
      { filter: { from: at, to: at + 1_800_000 }, states: ['skipped', 'delivered'] },
    ]);
  });

  it.each([
    [{}, 'from', /required/],
    [{ from: 'yesterday' }, 'from', /instant/],
    [{ from, to: from }, 'to', /later than "from"/],
    [{ from, states: [] }, 'states', /from 1/],
    [{ from, states: ['failed', 'retrying'] }, 'states[1]', /go on by themselves/],
    [{ from, states: ['pending'] }, 'states[0]', /go on by themselves/],
    [{ from, states: ['lost'] }, 'states[0]', /one of/],
  ])('refuses %j', async (body, path, message) => {
    const answer = await recover(body);
    expect(answer.body).toMatchObject({
      status: 422,
      errors: [{ path, message: expect.stringMatching(message) }],
    });
    expect(api.tasks.requests).toEqual([]);
  });

  it('of another account, or without the scope, is refused', async () => {
    const other = await api.accountKey('acc_2', 'deliveries:replay');
    expect((await recover({ from }, { key: other })).status).toBe(404);
    const reader = await api.accountKey('acc_3', 'deliveries:read');
    expect((await recover({ from }, { key: reader })).status).toBe(403);
    expect(api.tasks.requests).toEqual([]);
  });
});

describe('replaying what a filter finds', () => {
  const replay = (body: object, options: { key?: string } = { key }) =>
    api.call('POST', '/v1/deliveries/replay', body, options);

  it('hands on every filter', async () => {
    const filters = {
      webhookId,
      product: 'sms',
      reportType: 'dlr',
      messageId: 'm',
      transactionId: '000',
      mobileNumber: '919812345678',
      statusCode: 503,
      errorClass: 'status',
    };
    const answer = await replay({ ...filters, state: 'skipped', from, to: '2026-11-22T11:00:00Z' });
    expect([answer.status, answer.body]).toEqual([202, { taskId: 'task_1' }]);
    const filter = { ...filters, from: at, to: at + 3_600_000 };
    expect(api.tasks.requests).toEqual([{ accountId: 'acc_1', kind: 'replay', filter, states: ['skipped'] }]);
  });

  it.each(['messageId', 'transactionId', 'mobileNumber'])(
    'needs no time where there is a %s',
    async (name) => {
      expect((await replay({ [name]: '1' })).status).toBe(202);
      expect(api.tasks.requests).toMatchObject([{ filter: { [name]: '1' }, states: ['failed'] }]);
    },
  );

  it.each([
    [{}, 'from'],
    [{ product: 'sms', statusCode: 500, to: from }, 'from'],
    [{ from: '2026-11-22' }, 'from'],
    [{ from, state: 'retrying' }, 'state'],
    [{ from, limit: 5 }, 'limit'],
    [{ from, statusCode: '500' }, 'statusCode'],
  ])('refuses %j', async (body, path) => {
    expect((await replay(body)).body).toMatchObject({ status: 422, errors: [{ path }] });
    expect(api.tasks.requests).toEqual([]);
  });

  it('asks an operator for the account, unless a webhook says it', async () => {
    expect((await replay({ from }, {})).body).toMatchObject({ status: 422, errors: [{ path: 'accountId' }] });
    await replay({ from, accountId: 'acc_1' }, {});
    await replay({ from, webhookId }, {});
    expect(api.tasks.requests).toMatchObject([{ accountId: 'acc_1' }, { accountId: 'acc_1' }]);
    await api.createAccount('acc_2');
    expect((await replay({ from, webhookId, accountId: 'acc_2' }, {})).status).toBe(404);
  });

  it('of another account is refused', async () => {
    const other = await api.accountKey('acc_2', 'deliveries:replay');
    expect((await replay({ from, webhookId }, { key: other })).status).toBe(404);
    expect((await replay({ from, accountId: 'acc_1' }, { key: other })).status).toBe(404);
    expect(api.tasks.requests).toEqual([]);
  });
});

describe('a task', () => {
  const shown = {
    id: 'task_1',
    accountId: 'acc_1',
    kind: 'recover',
    states: ['failed'],
    state: 'running',
    reason: null,
    total: 7,
    done: 3,
    failed: 2,
    skipped: 1,
    finishedAt: null,
    receipt: null,
  };
  beforeEach(() => api.call('POST', `/v1/webhooks/${webhookId}/recover`, { from }, { key }));

  it('is shown with its progress, alone and in the list', async () => {
    const task = { ...shown, filter: { webhookId, from }, createdAt: new Date(clock.now()).toISOString() };
    expect((await api.call('GET', '/v1/tasks/task_1', undefined, { key })).body).toEqual(task);
    const list = await api.call('GET', '/v1/tasks', undefined, { key });
    expect(list.body).toEqual({ data: [task], nextCursor: null });
  });

  it('is cancelled, and a second time too', async () => {
    for (let time = 0; time < 2; time++) {
      const answer = await api.call('POST', '/v1/tasks/task_1/cancel', undefined, { key });
      expect(answer.body).toMatchObject({
        state: 'cancelled',
        finishedAt: new Date(clock.now()).toISOString(),
      });
    }
  });

  it('that is done is not cancelled', async () => {
    const done = await api.tasks.get('task_1');
    api.services.tasks.cancel = async () => done && { ...done, state: 'done' };
    const answer = await api.call('POST', '/v1/tasks/task_1/cancel', undefined, { key });
    expect(answer.body).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('of another account is not there', async () => {
    const other = await api.accountKey('acc_2', 'deliveries:replay');
    expect((await api.call('GET', '/v1/tasks', undefined, { key: other })).body).toMatchObject({ data: [] });
    for (const [method, path] of [
      ['GET', '/v1/tasks/task_1'],
      ['POST', '/v1/tasks/task_1/cancel'],
      ['GET', '/v1/tasks/task_2'],
      ['GET', '/v1/tasks?accountId=acc_1'],
    ] as const) {
      expect((await api.call(method, path, undefined, { key: other })).status).toBe(404);
    }
    expect(await api.tasks.get('task_1')).toMatchObject({ state: 'running' });
  });
});
