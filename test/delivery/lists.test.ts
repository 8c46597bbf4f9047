import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../../src/receiver/receiver.ts';
import { eventually } from '../../src/testing/eventually.ts';
import type { ShownDelivery } from '../../src/testing/gateway-fixture.ts';
import { createReceiver, type Receiver } from '../../src/testing/receiver/receiver.ts';
import { minute, openStage, type Stage, second } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const wabaNumber = '919999999999';
const parameterNames = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};
const smsDlr = { product: 'sms', reportType: 'dlr', parameterNames };
const whatsappDlr = { product: 'whatsapp', reportType: 'dlr', productUniqueId: wabaNumber, parameterNames };
const mo = { product: 'whatsapp', reportType: 'mo', productUniqueId: wabaNumber, parameterNames: {} };
const kinds = [
  ['SMS delivery reports by JSON', { ...smsDlr, method: 'JSON' }],
  ['SMS delivery reports by XML', { ...smsDlr, method: 'XML' }],
  ['WhatsApp delivery reports by JSON', { ...whatsappDlr, method: 'JSON' }],
  ['WhatsApp delivery reports by XML', { ...whatsappDlr, method: 'XML' }],
  ["inbound messages as Meta's objects", { ...mo, method: 'JSON' }],
  ['inbound messages, flat', { ...mo, method: 'JSON', settings: { moFormat: 'flat' } }],
  ['inbound messages by XML', { ...mo, method: 'XML' }],
] as const;

/** How many reports make a list, and how many come at once. */
const many = 16;
const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `m${from + i}`);

/** The messages that a list's reports are about, of any kind. */
function messagesIn({ body }: Pick<ReceivedRequest, 'body'>): string[] {
  const pattern = /(?:"(?:msg_id|messageId|id)":"|<(?:msg_id|messageId)>)(m\d+)/g;
  return [...body.toString().matchAll(pattern)].map(([, id = '']) => id);
}

interface Lists extends AsyncDisposable {
  readonly receiver: Receiver;
  readonly webhookId: string;
  /** Hands in a report of each of these messages, in one call. */
  post(messageIds: readonly string[], changes?: object): Promise<void>;
  deliveries(): Promise<readonly ShownDelivery[]>;
  /** Resolves with all deliveries once so many are delivered. */
  delivered(count: number): Promise<readonly ShownDelivery[]>;
  /** The lists that the endpoint got, by their messages. */
  lists(): string[][];
  /** The same, with those only that it took. */
  taken(): string[][];
}

async function openLists(
  webhook: object,
  answerTo: (messages: readonly string[], body: Buffer) => number,
  settings: object = {},
): Promise<Lists> {
  const { gateway, clock } = stage;
  const receiver = await createReceiver({
    clock,
    script: (request) => answerTo(messagesIn(request), request.body),
  });
  const accountId = await gateway.createAccount();
  await gateway.createSender(accountId, wabaNumber);
  const { settings: own = {}, product, reportType } = webhook as Record<string, object>;
  // A full list goes at once, by whatever commits its reports came.
  const batch = { maxItems: many, maxWaitMs: second };
  const changes = { ...webhook, url: receiver.url, settings: { batch, ...own, ...settings } };
  const { id } = await gateway.createWebhook(accountId, changes);
  const event = { accountId, product, reportType, mobileNumber: '919812345678' };
  const rest =
    product === ('sms' as unknown)
      ? { transactionId: 't', status: 'delivered' }
      : reportType === ('mo' as unknown)
        ? { productUniqueId: wabaNumber, message: { type: 'text', text: { body: 'Hi' } } }
        : { productUniqueId: wabaNumber, transactionId: 't', status: 'delivered' };
  async function deliveries() {
    const path = `/v1/deliveries?webhookId=${id}&limit=500`;
    return (await gateway.api<{ data: ShownDelivery[] }>('GET', path)).body.data;
  }
  return {
    receiver,
    webhookId: id,
    async post(messageIds, more = {}) {
      await gateway.accept(messageIds.map((messageId) => ({ ...event, ...rest, ...more, messageId })));
    },
    deliveries,
    delivered: (count) =>
      eventually(deliveries, (all) => all.filter(({ state }) => state === 'delivered').length === count),
    lists: () => receiver.requests.map(messagesIn),
    taken: () => receiver.requests.filter(({ answer }) => answer === 200).map(messagesIn),
    async [Symbol.asyncDispose]() {
      await gateway.api('DELETE', `/v1/accounts/${accountId}`);
      await receiver.close();
    },
  };
}

const refusing = (bad: string) => (messages: readonly string[]) => (messages.includes(bad) ? 422 : 200);

describe.each(kinds)('a list of %s', (_name, webhook) => {
  it('with a report that is refused is halved at once, until that one goes alone', async () => {
    await using run = await openLists(webhook, refusing('m5'));
    await run.post(names(0, many));
    const all = await run.delivered(many - 1);
    await stage.gateway.idle();
    expect(run.lists()[0]).toEqual(names(0, many));
    expect(run.taken().flat().toSorted()).toEqual(
      names(0, many)
        .filter((id) => id !== 'm5')
        .toSorted(),
    );
    expect(run.lists().length).toBeLessThanOrEqual(9);
    expect(run.lists().at(-1)).toHaveLength(1);
    const bad = all.find(({ messageId }) => messageId === 'm5');
    expect(bad).toMatchObject({ state: 'retrying', statusCode: 422, errorClass: 'status' });
  });

  it('that is too large is halved at once, and the next ones are no larger', async () => {
    let whole = 0;
    await using run = await openLists(webhook, (_, { length }) => {
      whole = Math.max(whole, length);
      return length > whole * 0.6 ? 413 : 200;
    });
    await run.post(names(0, many));
    await run.delivered(many);
    expect(run.lists().map(({ length }) => length)).toEqual([many, many / 2, many / 2]);
    const before = run.lists().length;
    await run.post(names(many, 2 * many));
    // A list that is not full waits for more.
    stage.clock.advance(second);
    await run.delivered(2 * many);
    const later = run.lists().slice(before);
    expect(Math.max(...later.map(({ length }) => length))).toBeLessThan(many);
    expect(run.taken().flat().toSorted()).toEqual(names(0, 2 * many).toSorted());
  });
});

describe('halves', () => {
  it('keep the order of each message, and hold up no other message', async () => {
    // The first report of m3 is refused three times, then given up.
    let refused = 0;
    const bad = /"msg_id":"m3","error_code":"1"/;
    await using run = await openLists(
      kinds[0][1],
      (_, body) => {
        if (!bad.test(body.toString())) return 200;
        refused++;
        return 422;
      },
      { ordered: true, retry: { maxAttempts: 2 } },
    );
    const steps = ['1', '2', '3'];
    const statuses = ['accepted', 'sent', 'delivered'];
    for (const [i, errorCode] of steps.entries())
      await run.post(names(0, many), { errorCode, status: statuses[i] });
    let all = await run.deliveries();
    // How many steps it takes depends on which reports came to lie in one list.
    while (all.some(({ finishedAt }) => finishedAt === null)) {
      stage.clock.advance(second);
      await stage.gateway.idle();
      await stage.sendElsewhere();
      all = await run.deliveries();
    }
    expect(all.filter(({ state }) => state === 'failed').map(({ messageId }) => messageId)).toEqual(['m3']);
    expect(refused).toBeGreaterThan(2);
    const took = run.receiver.requests.filter(({ answer }) => answer === 200);
    for (const messageId of names(0, many)) {
      const pattern = new RegExp(`"msg_id":"${messageId}","error_code":"(\\d)"`, 'g');
      const seen = took.flatMap(({ body }) => [...body.toString().matchAll(pattern)].map(([, step]) => step));
      expect([messageId, ...seen]).toEqual([messageId, ...(messageId === 'm3' ? ['2', '3'] : steps)]);
    }
    for (const list of run.lists()) expect(new Set(list).size).toBe(list.length);
  });

  it('of reports that are replayed find the bad one again, and deliver it once it is taken', async () => {
    let bad = 'm5';
    await using run = await openLists(kinds[0][1], (messages) => (messages.includes(bad) ? 422 : 200), {
      retry: { maxAttempts: 1 },
    });
    await run.post(names(0, many));
    const all = await eventually(run.deliveries, (found) =>
      found.every(({ finishedAt }) => finishedAt !== null),
    );
    expect(all.filter(({ state }) => state === 'failed').map(({ messageId }) => messageId)).toEqual(['m5']);
    const before = run.lists().length;
    for (const { id } of all) expect(await stage.replay(id)).toBe(202);
    await eventually(run.deliveries, (found) =>
      found.every(({ attemptCount }, i) => attemptCount > (all[i]?.attemptCount ?? 0)),
    );
    stage.clock.advance(second);
    const again = await eventually(run.deliveries, (found) =>
      found.every(({ finishedAt }) => finishedAt !== null),
    );
    expect(again.filter(({ state }) => state === 'failed').map(({ messageId }) => messageId)).toEqual(['m5']);
    expect(
      run
        .taken()
        .slice(0)
        .flat()
        .filter((id) => id === 'm4'),
    ).toHaveLength(2);
    expect(run.lists().length - before).toBeLessThanOrEqual(many + 9);
    bad = '';
    const failed = again.find(({ state }) => state === 'failed');
    expect(await stage.replay(failed?.id ?? '')).toBe(202);
    await run.delivered(many);
    expect(run.taken().at(-1)).toEqual(['m5']);
  });

  it('of reports that are recovered arrive all', async () => {
    let isDown = true;
    await using run = await openLists(
      kinds[1][1],
      (messages) => (isDown ? 500 : messages.length > 4 || messages.includes('m5') ? 413 : 200),
      { retry: { maxAttempts: 1 } },
    );
    await run.post(names(0, 4 * many));
    await eventually(run.deliveries, (found) => {
      stage.clock.advance(100);
      return found.every(({ state }) => state === 'failed');
    });
    isDown = false;
    const from = new Date(stage.clock.now() - minute).toISOString();
    const path = `/v1/webhooks/${run.webhookId}/recover`;
    const { status, body } = await stage.gateway.api<{ taskId: string }>('POST', path, { from });
    expect(status).toBe(202);
    await eventually(run.deliveries, (found) => {
      stage.clock.advance(100);
      return found.filter(({ state }) => state === 'delivered').length === 4 * many - 1;
    });
    const task = await eventually(
      async () => (await stage.gateway.api<{ state: string }>('GET', `/v1/tasks/${body.taskId}`)).body,
      ({ state }) => {
        stage.clock.advance(100);
        return state === 'done';
      },
    );
    expect(task).toMatchObject({ total: 4 * many, done: 4 * many - 1, failed: 1 });
    expect(run.taken().flat()).toHaveLength(4 * many - 1);
  });

  it('stay as they are when the endpoint goes down: no report is tried alone for that', async () => {
    let isDown = false;
    await using run = await openLists(kinds[0][1], (messages) => {
      if (isDown) return 500;
      isDown = messages.length === many;
      return isDown ? 422 : 200;
    });
    await run.post(names(10, 10 + many));
    for (let i = 0; i < 12; i++) {
      await stage.sendElsewhere();
      await stage.gateway.idle();
      stage.clock.advance(5 * second);
    }
    const down = run.lists().slice(1);
    expect(down.length).toBeGreaterThanOrEqual(4);
    // 0, 5 and 35 s after the first halves, where nothing probes.
    expect(down.length).toBeLessThanOrEqual(8);
    expect(new Set(down.map(({ length }) => length))).toEqual(new Set([many / 2]));
    isDown = false;
    await eventually(run.deliveries, (found) => {
      stage.clock.advance(second);
      return found.every(({ state }) => state === 'delivered');
    });
    expect(run.taken().map(({ length }) => length)).toEqual([many / 2, many / 2]);
  });
});
