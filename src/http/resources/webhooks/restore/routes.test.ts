import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HookwireError } from '../../../../core/errors.ts';
import { createManualClock, type ManualClock } from '../../../../testing/manual-clock.ts';
import { sampleDelivery } from '../../../testing/deliveries.ts';
import { createHttpFixture, type HttpFixture } from '../../../testing/http-fixture.ts';
import { smsDlr } from '../../../testing/webhook-bodies.ts';

const minute = 60_000;
let clock: ManualClock;
let api: HttpFixture;
let key: string;
let id: string;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
  key = await api.accountKey('acc_1', 'webhooks:write', 'webhooks:read');
  id = String((await api.call('POST', '/v1/webhooks', smsDlr, { key })).body.id);
  Object.assign(api.services.history, { listDeliveries: async () => ({ data: [], nextCursor: null }) });
  api.told.length = 0;
});
afterEach(() => api.app.close());

const restore = (options: object = { key }) =>
  api.call('POST', `/v1/webhooks/${id}/restore`, undefined, options);
const remove = () => api.call('DELETE', `/v1/webhooks/${id}`, undefined, { key });
const skipOne = () =>
  Object.assign(api.services.history, {
    listDeliveries: async () => ({ data: [sampleDelivery('acc_1', id)], nextCursor: null }),
  });

describe('restoring a webhook', () => {
  it('puts it back as it was, within ten minutes', async () => {
    const { body: before } = await api.call('GET', `/v1/webhooks/${id}`, undefined, { key });
    await remove();
    clock.advance(10 * minute);
    const answer = await restore();
    expect(answer.status).toBe(200);
    const webhook = { ...before, updatedAt: new Date(clock.now()).toISOString() };
    expect(answer.body).toEqual({ webhook, taskId: null, note: null });
    expect((await api.call('GET', `/v1/webhooks/${id}`, undefined, { key })).body).toEqual(webhook);
    expect(api.told).toEqual([`deleted ${id}`, `skip ${id}`, `changed ${id} v1 enabled 1`, `gone ${id}`]);
  });

  it('sends what was skipped because of the deletion, and nothing else', async () => {
    skipOne();
    await remove();
    expect((await restore()).body).toMatchObject({ taskId: 'task_1', note: null });
    expect(api.tasks.requests).toEqual([
      {
        ...{ accountId: 'acc_1', kind: 'recover', states: ['skipped'] },
        filter: { webhookId: id, stateReason: 'webhook_deleted' },
      },
    ]);
    expect((await api.call('GET', '/v1/tasks/task_1')).status).toBe(200);
  });

  it('tells nobody of it when it is deleted again meanwhile', async () => {
    await remove();
    Object.assign(api.services.delivery, { skipDeleted: () => api.services.directory.deleteWebhook(id, 0) });
    expect((await restore()).status).toBe(404);
    expect(api.told).toEqual([`deleted ${id}`]);
  });

  it('is done also where there are too many tasks, and says so', async () => {
    skipOne();
    const create = async () => {
      throw new HookwireError('conflict', 'The account has 5 replays under way.');
    };
    Object.assign(api.services.tasks, { create });
    await remove();
    const { status, body } = await restore();
    expect([status, body.taskId, body.note]).toEqual([
      200,
      null,
      expect.stringMatching(/5 replays.*Recover it/),
    ]);
  });

  it('is too late after ten minutes', async () => {
    await remove();
    clock.advance(10 * minute + 1);
    expect(await restore()).toMatchObject({ status: 410, body: { code: 'restore_expired' } });
    expect(api.told).toEqual([`deleted ${id}`]);
  });

  it('is a conflict where it is not deleted', async () => {
    expect(await restore()).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await remove();
    await restore();
    expect((await restore()).status).toBe(409);
  });

  it('finds nothing that never was, that is of another account, or whose account was deleted', async () => {
    expect((await api.call('POST', '/v1/webhooks/wh_9/restore', undefined, { key })).status).toBe(404);
    const other = await api.accountKey('acc_2', 'webhooks:write');
    expect((await restore({ key: other })).status).toBe(404);
    await remove();
    expect((await restore({ key: other })).status).toBe(404);
    const cannot = await api.accountKey('acc_1', 'webhooks:read');
    expect((await restore({ key: cannot })).status).toBe(403);
    await api.call('DELETE', '/v1/accounts/acc_1');
    expect((await restore({})).status).toBe(404);
  });
});
