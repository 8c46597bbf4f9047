import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../src/testing/eventually.ts';
import { openGateway } from '../src/testing/gateway-fixture.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

const day = 24 * 3_600_000;

it.each(['while it runs', 'while it is stopped'])(
  'a clock that was a day ahead and is set back %s leaves nothing for tomorrow',
  async (when) => {
    const clock = createManualClock();
    await using gateway = await openGateway({ clock });
    await using receiver = await createReceiver([503, 200]);
    const accountId = await gateway.createAccount();
    const { id: webhookId } = await gateway.createWebhook(accountId, { url: receiver.url });
    const event = { accountId, product: 'sms', reportType: 'dlr', status: 'delivered' };
    const set = async (byMs: number): Promise<void> => {
      if (when === 'while it runs') clock.set(byMs);
      else {
        await gateway.gateway.close();
        clock.set(byMs);
        await gateway.restart();
      }
    };
    await set(day);
    const ahead = await gateway.accept({ ...event, messageId: 'ahead' });
    await receiver.next();
    await gateway.idle();
    clock.advance(2_000);
    await set(-day);

    const read = () => gateway.deliveryOf(ahead.events[0]?.id);
    const inTime = (at: string | null): boolean => Date.parse(at ?? '') < clock.now() + 10_000;
    await eventually(
      () => {
        clock.advance(250);
        return read();
      },
      ({ nextAttemptAt }) => inTime(nextAttemptAt),
    );
    await eventually(
      async () => {
        clock.advance(1_000);
        await setImmediate();
        return (await read()).state;
      },
      (state) => state === 'delivered',
    );

    clock.advance(60_000);
    const later = await gateway.accept({ ...event, messageId: 'later' });
    await eventually(
      () => gateway.deliveryOf(later.events[0]?.id),
      ({ state }) => state === 'delivered',
    );
    const delivery = await gateway.deliveryOf(later.events[0]?.id);
    expect(Date.parse(delivery.acceptedAt)).toBe(clock.now());
    clock.advance(1_000);
    const from = new Date(clock.now() - 3_600_000).toISOString();
    const to = new Date(clock.now()).toISOString();
    const list = await gateway.api<{ data: { messageId: string }[] }>(
      'GET',
      `/v1/deliveries?from=${from}&to=${to}`,
    );
    expect(list.body.data.map(({ messageId }) => messageId)).toEqual(['later']);
    const body = { from, to, states: ['delivered'] };
    const { body: task } = await gateway.api<{ taskId: string }>(
      'POST',
      `/v1/webhooks/${webhookId}/recover`,
      body,
    );
    const done = await eventually(
      async () => {
        clock.advance(100);
        return (await gateway.api<{ state: string; done: number }>('GET', `/v1/tasks/${task.taskId}`)).body;
      },
      ({ state }) => state === 'done',
    );
    expect(done).toMatchObject({ total: 1, done: 1, failed: 0 });
  },
);
