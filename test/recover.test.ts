import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../src/receiver/receiver.ts';
import { eventually } from '../src/testing/eventually.ts';
import { type GatewayFixture, openGateway, type ShownDelivery } from '../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

interface ShownTask {
  readonly state: string;
  readonly reason: string | null;
  readonly total: number | null;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly finishedAt: string | null;
}

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** One request for many reports, so that an outage of hundreds is no more than a few failures. */
const inLists = { batch: { maxItems: 100, maxWaitMs: 100 }, retry: { maxAttempts: 1 } };
const onlyOnce = { retry: { maxAttempts: 1 } };
const before = new Date(Date.now() - 60_000).toISOString();

function report(accountId: string, messageId: string, status = 'delivered'): object {
  return { accountId, product: 'sms', reportType: 'dlr', messageId, transactionId: 't', status };
}

function messageOf({ body }: ReceivedRequest): string {
  return (JSON.parse(body.toString()) as { msg_id: string }).msg_id;
}

/** A webhook whose endpoint was dead while these messages' reports came, and is well again. */
async function openOutage(messages: number): Promise<AsyncDisposable & Outage> {
  const receiver = await createReceiver([500]);
  const accountId = await gateway.createAccount();
  const webhook = { url: receiver.url, settings: inLists };
  const { id } = await gateway.createWebhook(accountId, webhook);
  const messageIds = Array.from({ length: messages }, (_, i) => `m${i}`);
  const outage: Outage = {
    accountId,
    webhookId: id,
    receiver,
    messageIds,
    call: (action, body) => gateway.api('POST', `/v1/webhooks/${id}/${action}`, body),
    async list(state) {
      const path = `/v1/deliveries?webhookId=${id}&state=${state}&limit=500`;
      return (await gateway.api<{ data: ShownDelivery[] }>('GET', path)).body.data;
    },
    async recover(body = {}) {
      const answer = await outage.call('recover', { from: before, ...body });
      expect(answer.status).toBe(202);
      return (answer.body as { taskId: string }).taskId;
    },
  };
  await gateway.accept(messageIds.map((messageId) => report(accountId, messageId)));
  await eventually(
    () => outage.list('failed'),
    (failed) => failed.length === messages,
  );
  receiver.play([200]);
  const { body: saved } = await gateway.api<Record<string, unknown>>('GET', `/v1/webhooks/${id}`);
  const { product, reportType, method, url, parameterNames } = saved;
  const changed = { product, reportType, method, url, parameterNames, settings: onlyOnce };
  expect((await gateway.api('PUT', `/v1/webhooks/${id}`, changed)).status).toBe(200);
  return {
    ...outage,
    async [Symbol.asyncDispose]() {
      await gateway.api('DELETE', `/v1/accounts/${accountId}`);
      await receiver.close();
    },
  };
}

interface Outage {
  readonly accountId: string;
  readonly webhookId: string;
  readonly receiver: Receiver;
  readonly messageIds: readonly string[];
  call(action: string, body?: object): Promise<{ status: number; body: unknown }>;
  list(state: string): Promise<ShownDelivery[]>;
  /** Gives the task's id. */
  recover(body?: object): Promise<string>;
}

const task = async (id: string) => (await gateway.api<ShownTask>('GET', `/v1/tasks/${id}`)).body;
const taskIn = (id: string, state: string) =>
  eventually(
    () => task(id),
    (shown) => shown.state === state,
  );

/** The requests that came after the outage. */
function arrivals({ receiver }: Outage): readonly ReceivedRequest[] {
  return receiver.requests.filter(({ body }) => !body.toString().startsWith('['));
}

describe('after an outage', () => {
  it('everything that failed is delivered once, with its webhook-id, marked manual', async () => {
    await using outage = await openOutage(300);
    const failed = await outage.list('failed');
    const id = await outage.recover();
    const ended = { state: 'done', total: 300, done: 300, failed: 0, skipped: 0, reason: null };
    expect(await taskIn(id, 'done')).toMatchObject(ended);
    const arrived = arrivals(outage);
    expect(arrived.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(
      failed.map((delivery) => delivery.id).toSorted(),
    );
    expect(await outage.list('failed')).toEqual([]);
    const delivery = await gateway.delivery(failed[0]?.id ?? '');
    expect(delivery).toMatchObject({ state: 'delivered', stateReason: null, attemptCount: 2 });
    expect(delivery.attempts.map(({ manual }) => manual)).toEqual([false, true]);
  });

  it('a task waits for a disabled webhook, and a cancelled one leaves the rest as it was', async () => {
    await using outage = await openOutage(300);
    await outage.call('disable');
    const id = await outage.recover();
    await eventually(
      () => outage.list('retrying'),
      (waiting) => waiting.length === 200,
    );
    expect(await task(id)).toMatchObject({ state: 'running', total: 300, done: 0, finishedAt: null });
    const answer = await gateway.api<ShownTask>('POST', `/v1/tasks/${id}/cancel`);
    expect(answer.body).toMatchObject({ state: 'cancelled', total: 300, finishedAt: expect.any(String) });
    await outage.call('enable');
    await eventually(
      () => outage.list('delivered'),
      (delivered) => delivered.length === 200,
    );
    // The oldest went first.
    const left = (await outage.list('failed')).map(({ messageId }) => messageId).toReversed();
    expect(left).toEqual(outage.messageIds.slice(200));
    expect(await task(id)).toEqual(answer.body);
    expect(arrivals(outage)).toHaveLength(200);
  });

  it('a task goes on after a restart, and sends nothing twice', async () => {
    await using outage = await openOutage(300);
    await outage.call('disable');
    const id = await outage.recover();
    await eventually(
      () => outage.list('retrying'),
      (waiting) => waiting.length === 200,
    );
    await gateway.restart();
    expect(await task(id)).toMatchObject({ state: 'running', total: 300, done: 0 });
    await outage.call('enable');
    expect(await taskIn(id, 'done')).toMatchObject({ total: 300, done: 300, failed: 0, skipped: 0 });
    expect(arrivals(outage).map(messageOf).toSorted()).toEqual(outage.messageIds.toSorted());
  });

  it('what fails again is counted so', async () => {
    await using outage = await openOutage(5);
    outage.receiver.play([500, 200]);
    const id = await outage.recover();
    expect(await taskIn(id, 'done')).toMatchObject({ total: 5, done: 4, failed: 1 });
    expect(await outage.list('failed')).toHaveLength(1);
  });

  it('what was delivered is sent again only where that is asked for', async () => {
    await using outage = await openOutage(3);
    await taskIn(await outage.recover(), 'done');
    expect(await taskIn(await outage.recover(), 'done')).toMatchObject({ total: 0 });
    const id = await outage.recover({ states: ['delivered'] });
    expect(await taskIn(id, 'done')).toMatchObject({ total: 3, done: 3 });
    expect(arrivals(outage)).toHaveLength(6);
  });

  it('a filter narrows it to one message', async () => {
    await using outage = await openOutage(3);
    const body = { accountId: outage.accountId, messageId: 'm1' };
    const answer = await gateway.api<{ taskId: string }>('POST', '/v1/deliveries/replay', body);
    expect(await taskIn(answer.body.taskId, 'done')).toMatchObject({ total: 1, done: 1 });
    expect(arrivals(outage).map(messageOf)).toEqual(['m1']);
  });
});

it("recovers one message's reports one after another where the webhook wants order", async () => {
  await using receiver = await createReceiver([500]);
  const accountId = await gateway.createAccount();
  const statuses = ['accepted', 'sent', 'delivered'];
  const { id } = await gateway.createWebhook(accountId, {
    url: receiver.url,
    settings: { ...onlyOnce, ordered: true },
  });
  const messages = ['a', 'b', 'c'];
  const events = messages.flatMap((message) =>
    statuses.map((status) => ({ ...report(accountId, message, status), errorCode: status })),
  );
  await gateway.accept(events);
  await receiver.take(9);
  await gateway.idle();
  // Enabling it says that the endpoint is well; else its lane could pause for some seconds.
  for (const action of ['disable', 'enable']) await gateway.api('POST', `/v1/webhooks/${id}/${action}`);
  // An earlier report takes longer, so whatever went out beside it would arrive before its answer.
  const underWay = new Map<string, string>();
  const overlaps: string[] = [];
  const answered: string[] = [];
  receiver.play(({ body }) => {
    const { msg_id: message, error_code: status } = JSON.parse(body.toString());
    answered.push(`${message} ${status}`);
    const since = Date.now();
    const other = underWay.get(message);
    if (other !== undefined && since < Number(other)) overlaps.push(`${message} ${status}`);
    underWay.set(message, String(since + 25));
    return { status: 200, delayMs: 30 };
  });
  const answer = await gateway.api<{ taskId: string }>('POST', `/v1/webhooks/${id}/recover`, {
    from: before,
  });
  expect(await taskIn(answer.body.taskId, 'done')).toMatchObject({ total: 9, done: 9 });
  expect(overlaps).toEqual([]);
  for (const message of messages) {
    expect(answered.filter((each) => each.startsWith(message))).toEqual(
      statuses.map((status) => `${message} ${status}`),
    );
  }
});
