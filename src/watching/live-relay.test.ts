import { beforeEach, describe, expect, it } from 'vitest';
import { createMessagesHub, type MessagesHub } from '../cluster/testing/messages-hub.ts';
import { storedEvent } from '../core/stored-event.ts';
import type { DeliveryFilter, DeliveryWithEvent } from '../stores/ports/history.ts';
import { attemptRecord, queuedDelivery } from '../testing/attempts.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { turns } from '../testing/turns.ts';
import { createLiveHub, type LiveHub } from './live.ts';

describe('a live stream in a cluster', () => {
  let clock: ManualClock;
  let messages: MessagesHub;
  let areThereOthers: boolean;
  let a: LiveHub;
  let b: LiveHub;
  let c: LiveHub;

  beforeEach(() => {
    clock = createManualClock();
    messages = createMessagesHub();
    areThereOthers = true;
    [a, b, c] = ['a', 'b', 'c'].map((id) =>
      createLiveHub({
        others: { messages: messages.connect(id), clock, areThereOthers: () => areThereOthers },
      }),
    ) as [LiveHub, LiveHub, LiveHub];
  });

  function listen(hub: LiveHub, filter: Partial<DeliveryFilter> = {}) {
    const heard: DeliveryWithEvent[] = [];
    const skipped: number[] = [];
    const leave = hub.join(
      null,
      { accountId: null, ...filter },
      {
        deliver: (delivery) => void heard.push(delivery),
        skip: (count) => void skipped.push(count),
        end: () => {},
      },
    );
    return { heard, skipped, leave };
  }

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100);
      await turns(3);
    }
  }

  function send(hub: LiveHub, accountId: string, times = 1): void {
    const event = { accountId, message: '{"text":"long"}', attributes: '{}', mobileNumber: '919812345678' };
    const delivery = queuedDelivery({}, event);
    // As a courier tells of it.
    const told = { ...delivery, event: storedEvent(delivery.event, () => delivery.event) };
    for (let i = 0; i < times; i++) hub.attempted(attemptRecord(), told);
  }

  const saidBy = (id: string) => messages.said.filter((word) => word.startsWith(`live ${id}`));

  it('shows what every process sends, of what it asks for, without what nobody is shown', async () => {
    const one = listen(a, { accountId: 'acc_1' });
    const another = listen(a, { mobileNumber: '5678' });
    const here = listen(b, { accountId: 'acc_2' });
    await pass(200);
    send(a, 'acc_1');
    send(b, 'acc_1');
    send(c, 'acc_2');
    send(c, 'acc_3', 2);
    await pass(200);
    expect([one.heard.length, another.heard.length, here.heard.length]).toEqual([2, 5, 1]);
    const [own, theirs] = one.heard;
    expect(own?.event.message).toBe('{"text":"long"}');
    const { event } = queuedDelivery({}, { accountId: 'acc_1', mobileNumber: '919812345678' });
    expect(theirs).toEqual({ ...own, event: { ...event, message: null, attributes: null } });
    expect(saidBy('c')).toEqual(['live c>a', 'live c>b']);
  });

  it('costs the others nothing that nobody asks for, and nothing when the last one has left', async () => {
    const { leave } = listen(a, { accountId: 'acc_1' });
    await pass(200);
    send(b, 'acc_2', 100);
    await pass(500);
    expect(saidBy('b')).toEqual([]);
    leave();
    await pass(500);
    send(b, 'acc_1', 100);
    await pass(500);
    expect(saidBy('b')).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('is sent nothing any more where its process is gone', async () => {
    listen(a, { accountId: 'acc_1' });
    await pass(200);
    messages.cut('a');
    await pass(8_000);
    send(b, 'acc_1');
    await pass(200);
    expect(saidBy('b')).toHaveLength(1);
    await pass(3_000);
    send(b, 'acc_1');
    await pass(200);
    expect(saidBy('b')).toHaveLength(1);
  });

  it('goes on for as long as somebody listens, also where a word of it was lost', async () => {
    messages.lose((kind) => kind === 'live-wants');
    const { heard } = listen(a);
    await pass(1_000);
    messages.lose(() => false);
    await pass(60_000);
    send(c, 'acc_1');
    await pass(200);
    expect(heard).toHaveLength(1);
  });

  it('is told how many were left out where more came than can be passed on', async () => {
    const { heard, skipped } = listen(a, { accountId: 'acc_1' });
    const other = listen(a, { accountId: 'acc_2' });
    await pass(200);
    send(b, 'acc_1', 1_700);
    send(b, 'acc_2', 3);
    await pass(300);
    expect([heard.length, skipped.reduce((sum, count) => sum + count, 0)]).toEqual([500, 1_200]);
    expect([other.heard.length, other.skipped]).toEqual([3, []]);
    await pass(1_000);
    send(b, 'acc_1');
    await pass(200);
    expect(heard).toHaveLength(501);
  });

  it('asks for whole accounts where very many listen', async () => {
    const many = Array.from({ length: 150 }, (_, i) => listen(a, { accountId: 'acc_1', messageId: `m${i}` }));
    await pass(200);
    send(b, 'acc_1');
    send(b, 'acc_2');
    await pass(200);
    expect(saidBy('b')).toHaveLength(1);
    expect(many.every(({ heard }) => heard.length === 0)).toBe(true);
  });

  it('asks nobody where there are no others', async () => {
    areThereOthers = false;
    listen(a);
    await pass(4_000);
    expect(messages.said).toEqual([]);
    areThereOthers = true;
    await pass(4_000);
    expect(messages.said).not.toEqual([]);
    a.close();
    await pass(200);
    send(b, 'acc_1');
    await pass(200);
    expect(saidBy('b')).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});
