import { beforeEach, describe, expect, it } from 'vitest';
import type { Couriers } from '../delivery/courier/couriers.ts';
import type { RequeuedDelivery } from '../stores/ports/delivery-log.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { turns } from '../testing/turns.ts';
import { type Asking, createAsking, type Question } from './asking.ts';
import { createClusterCouriers } from './cluster-couriers.ts';
import { createMessagesHub, type MessagesHub } from './testing/messages-hub.ts';
import { type PlayedCluster, playCluster } from './testing/played-cluster.ts';

const requeued: readonly RequeuedDelivery[] = [{ id: 'dlv_1', orderKey: null }];

/** A process of which a test sees what its own couriers are told. */
class Process {
  readonly did: string[] = [];
  readonly requeuedFor: unknown[] = [];
  readonly known = new Set(['wh_1', 'wh_2']);
  readonly couriers: Couriers;
  readonly asking: Asking;
  /** What a command waits for. */
  until: Promise<unknown> = Promise.resolve();

  constructor(id: string, hub: MessagesHub, played: PlayedCluster, clock: ManualClock) {
    const cluster = played.of(id);
    this.asking = createAsking({ messages: hub.connect(id), cluster, clock });
    const does =
      (command: string, answer: unknown = undefined) =>
      async (...args: unknown[]) => {
        this.did.push([command, ...args.map((arg) => JSON.stringify(arg))].join(' '));
        await this.until;
        return answer;
      };
    const local = {
      ...{ replay: does('replay'), gone: does('gone'), drop: does('drop'), expire: does('expire') },
      ...{ skipWaiting: does('skipWaiting', 3), requeueMany: does('requeueMany', requeued) },
      ...{ heard: does('heard'), wake: does('wake'), slowDown: does('slowDown'), close: does('close') },
    };
    this.couriers = createClusterCouriers({
      ...{ local: local as unknown as Couriers, cluster, asking: this.asking, clock },
      configuration: {
        isKnown: (webhookId) => this.known.has(webhookId),
        refresh: async (webhookId) => void this.did.push(`refresh ${webhookId}`),
        settled: async () => void this.did.push('settled'),
      },
      onRequeuedFor: (...what) => void this.requeuedFor.push(what),
    });
  }
}

describe('the couriers of a cluster', () => {
  let clock: ManualClock;
  let hub: MessagesHub;
  let played: PlayedCluster;
  let a: Process;
  let b: Process;
  let c: Process;

  beforeEach(() => {
    clock = createManualClock();
    hub = createMessagesHub();
    played = playCluster('a', 'b', 'c');
    [a, b, c] = ['a', 'b', 'c'].map((id) => new Process(id, hub, played, clock)) as [
      Process,
      Process,
      Process,
    ];
    played.give('wh_1', 'a');
    played.give('wh_2', 'b');
  });

  /** Lets what was asked be tried again, so often. */
  async function again(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      await turns();
      clock.advance(250);
    }
    await turns();
  }

  it('do what is for a webhook where it is owned, and the rest here', async () => {
    const request = { webhookId: 'wh_2', deliveryIds: ['dlv_1'], states: ['failed'], ordered: false, now: 5 };
    await a.couriers.replay({ id: 'dlv_1', webhookId: 'wh_2' });
    expect(await a.couriers.skipWaiting('wh_2', 'webhook_deleted', 7)).toBe(3);
    await a.couriers.drop('wh_2', ['dlv_1', 'dlv_2'], 'erased');
    await a.couriers.expire('wh_2', ['dlv_1']);
    await a.couriers.gone('wh_2');
    await a.couriers.replay({ id: 'dlv_2', webhookId: 'wh_1' });
    a.couriers.slowDown();
    expect(await a.couriers.requeueMany({ ...request, states: ['failed'] })).toEqual(requeued);
    expect(b.did).toEqual([
      'replay {"id":"dlv_1","webhookId":"wh_2"}',
      ...['refresh wh_2', 'skipWaiting "wh_2" "webhook_deleted" 7'],
      ...['drop "wh_2" ["dlv_1","dlv_2"] "erased"', 'expire "wh_2" ["dlv_1"]'],
      ...['refresh wh_2', 'gone "wh_2"'],
      `requeueMany ${JSON.stringify(request)}`,
      'wake "wh_2"',
    ]);
    expect(b.requeuedFor).toEqual([['a', requeued]]);
    expect(a.did).toEqual(['replay {"id":"dlv_2","webhookId":"wh_1"}', 'slowDown']);
    expect(c.did).toEqual([]);
  });

  it('have a webhook read first that its owner does not know yet', async () => {
    played.give('wh_new', 'b');
    await a.couriers.replay({ id: 'dlv_1', webhookId: 'wh_new' });
    expect(b.did).toEqual(['refresh wh_new', 'replay {"id":"dlv_1","webhookId":"wh_new"}']);
  });

  it('wait while nobody owns it, and find the next owner', async () => {
    played.give('wh_2', null);
    const done = a.couriers.replay({ id: 'dlv_1', webhookId: 'wh_2' });
    await again(8);
    played.give('wh_2', 'c');
    await again(1);
    await done;
    expect([b.did, c.did]).toEqual([[], ['replay {"id":"dlv_1","webhookId":"wh_2"}']]);
  });

  it('have the caller try again when nobody has owned it for 15 s', async () => {
    played.give('wh_2', null);
    const failed = a.couriers.replay({ id: 'dlv_1', webhookId: 'wh_2' }).catch((error: unknown) => error);
    await again(61);
    expect(await failed).toMatchObject({ code: 'overloaded', retryAfterSeconds: 2 });
  });

  it('ask the next owner when the one that was asked has let go of it', async () => {
    // The word is on its way meanwhile.
    const done = a.couriers.replay({ id: 'dlv_1', webhookId: 'wh_2' });
    played.give('wh_2', 'c');
    await again(1);
    await done;
    expect([b.did, c.did]).toEqual([[], ['replay {"id":"dlv_1","webhookId":"wh_2"}']]);
  });

  it('do it here when this process becomes the owner', async () => {
    const done = a.couriers.gone('wh_2');
    played.give('wh_2', 'a');
    await again(1);
    await done;
    expect([a.did, b.did]).toEqual([['gone "wh_2"'], []]);
  });

  it('ask the next owner when the one that was asked dies, but for what would be counted wrong', async () => {
    b.until = new Promise(() => {});
    const request = { webhookId: 'wh_2', deliveryIds: ['dlv_1'], states: [], ordered: false, now: 5 };
    const gone = a.couriers.gone('wh_2');
    const failed = a.couriers.requeueMany(request).catch((error: unknown) => error);
    await turns();
    played.die('b');
    await again(8);
    expect(await failed).toMatchObject({ name: 'NoAnswerError' });
    played.give('wh_2', 'c');
    await again(1);
    await gone;
    expect(c.did).toEqual(['refresh wh_2', 'gone "wh_2"']);
  });

  it('of a version that does not know a command say so, and the asker is told to try again', async () => {
    const newer = { name: 'courier' } as Question<object, unknown>;
    const asked = a.asking.ask('b', newer, { command: 'constructor', webhookId: 'wh_2', args: [] });
    await expect(asked).rejects.toMatchObject({ code: 'overloaded', isGone: false, retryAfterSeconds: 2 });
    expect(b.did).toEqual([]);
  });

  it('have all processes hear what one has heard, and do not fail where one does not answer', async () => {
    await a.couriers.heard('wh_2');
    const said = ['settled', 'heard "wh_2"'];
    expect([a.did, b.did, c.did]).toEqual([['heard "wh_2"'], said, said]);
    for (const { did } of [a, b, c]) did.length = 0;
    await a.couriers.heard();
    expect([a.did.length, b.did, c.did]).toEqual([1, ['settled', 'heard '], ['settled', 'heard ']]);
    b.until = new Promise(() => {});
    const heard = a.couriers.heard('wh_2');
    await again(30);
    await heard;
  });

  it('keep nobody waiting for an owner when they are closed', async () => {
    played.give('wh_2', null);
    const failed = a.couriers.gone('wh_2').catch((error: unknown) => error);
    await turns();
    await a.couriers.close();
    expect(await failed).toMatchObject({ code: 'overloaded' });
    expect(a.did).toEqual(['close']);
  });
});
