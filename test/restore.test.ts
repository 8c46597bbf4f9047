import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../src/receiver/receiver.ts';
import { eventually } from '../src/testing/eventually.ts';
import type { ShownDelivery, ShownWebhook } from '../src/testing/gateway-fixture.ts';
import {
  type Endpoint,
  hour,
  messageOf,
  minute,
  openStage,
  report,
  type Stage,
  second,
} from './delivery/stage.ts';

interface Restored {
  readonly webhook: ShownWebhook;
  readonly taskId: string | null;
}

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const remove = async ({ webhookId }: Endpoint) =>
  expect((await stage.gateway.api('DELETE', `/v1/webhooks/${webhookId}`)).status).toBe(204);
const restore = ({ webhookId }: Endpoint) =>
  stage.gateway.api<Restored & { code?: string }>('POST', `/v1/webhooks/${webhookId}/restore`);
const list = async ({ webhookId }: Endpoint, state: string) =>
  (
    await stage.gateway.api<{ data: ShownDelivery[] }>(
      'GET',
      `/v1/deliveries?webhookId=${webhookId}&state=${state}`,
    )
  ).body.data;
const messagesOf = (requests: readonly ReceivedRequest[]) => requests.map(messageOf).sort();

describe('a webhook that is deleted and restored', () => {
  it('gets what waited for it and what comes from then on, signed as before, and nothing of in between', async () => {
    await using endpoint = await stage.openEndpoint([503, 200]);
    await endpoint.call('disable');
    await endpoint.post('waits-1', 'waits-2');
    const secret = await stage.gateway.secretOf(endpoint.webhookId);
    const before = await endpoint.webhook();

    await remove(endpoint);
    expect((await stage.gateway.api('GET', `/v1/webhooks/${endpoint.webhookId}`)).status).toBe(404);
    await eventually(
      () => list(endpoint, 'skipped'),
      (skipped) => skipped.length === 2,
    );
    const between = await stage.gateway.accept(report(endpoint.accountId, 'between'));
    expect(between.events).toMatchObject([{ result: 'accepted', deliveries: 0 }]);

    stage.clock.advance(9 * minute);
    const { status, body } = await restore(endpoint);
    expect(status).toBe(200);
    expect(body.webhook).toMatchObject({
      ...{ id: before.id, version: before.version, status: 'disabled', disabledReason: 'by_user' },
    });
    expect(await stage.gateway.secretOf(endpoint.webhookId)).toBe(secret);

    endpoint.receiver.play([200]);
    await endpoint.call('enable');
    await endpoint.post('fresh');
    const got = await endpoint.receiver.take(3);
    expect(messagesOf(got)).toEqual(['fresh', 'waits-1', 'waits-2']);
    const ended = await eventually(
      () =>
        stage.gateway.api<{ state: string; total: number; done: number }>('GET', `/v1/tasks/${body.taskId}`),
      (task) => {
        stage.clock.advance(100);
        return task.body.state === 'done';
      },
    );
    expect(ended.body).toMatchObject({ total: 2, done: 2 });
    expect((await list(endpoint, 'delivered')).length).toBe(3);
  });

  it('is sent nothing again that it had, and no report that was skipped for another reason', async () => {
    await using endpoint = await stage.openEndpoint([200]);
    await endpoint.post('had');
    await endpoint.next();
    await remove(endpoint);
    expect((await restore(endpoint)).body.taskId).toBeNull();
    await endpoint.post('next');
    expect(messageOf(await endpoint.next())).toBe('next');
  });

  it('waits for a request that was under way, whose report is then sent again, once', async () => {
    await using endpoint = await stage.openEndpoint(['timeout', 200]);
    await endpoint.post('slow');
    await endpoint.receiver.next();
    await remove(endpoint);
    const restoring = restore(endpoint);
    await eventually(
      () => stage.gateway.api('GET', `/v1/webhooks/${endpoint.webhookId}`),
      ({ status }) => status === 200,
    );
    stage.clock.advance(15 * second);
    // Whether it ended before the webhook was back or after decides who sends it again: the task, or the lane.
    expect((await restoring).status).toBe(200);
    stage.clock.advance(6 * second);
    expect(messageOf(await endpoint.next())).toBe('slow');
    expect(await list(endpoint, 'delivered')).toMatchObject([{ attemptCount: 2 }]);
  });

  it('keeps working after a restart', async () => {
    await using endpoint = await stage.openEndpoint([200]);
    await remove(endpoint);
    await stage.gateway.restart();
    expect((await restore(endpoint)).status).toBe(200);
    await stage.gateway.restart();
    await endpoint.post('after');
    expect(messageOf(await endpoint.next())).toBe('after');
  });

  it('is gone for good after ten minutes, and so are its secrets', async () => {
    await using endpoint = await stage.openEndpoint([200]);
    const [id = ''] = await endpoint.post('once');
    await endpoint.next();
    await remove(endpoint);
    const shown = () =>
      stage.gateway.api<{ exact: boolean }>('GET', `/v1/deliveries/${id}/attempts/1/request`);
    expect((await shown()).body.exact).toBe(true);
    stage.clock.advance(hour);
    expect(await restore(endpoint)).toMatchObject({ status: 410, body: { code: 'restore_expired' } });
    await eventually(shown, ({ body }) => {
      stage.clock.advance(minute);
      return !body.exact;
    });
  });
});
