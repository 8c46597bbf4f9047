import { beforeEach, describe, expect, it } from 'vitest';
import { type Asking, createAsking, type Question } from '../cluster/asking.ts';
import { createClusterCouriers } from '../cluster/cluster-couriers.ts';
import { createMessagesHub, type MessagesHub } from '../cluster/testing/messages-hub.ts';
import { type PlayedCluster, playCluster } from '../cluster/testing/played-cluster.ts';
import type { Couriers } from '../delivery/courier/couriers.ts';
import { type AttemptNews, createAttemptNews } from './attempt-news.ts';
import { type ClusterRecovery, createClusterRecovery } from './cluster-recovery.ts';
import { createRecovery, quietMs } from './recovery.ts';
import { openReplayStage, type ReplayStage } from './testing/replay-stage.ts';

interface Process {
  readonly recovery: ClusterRecovery;
  readonly news: AttemptNews;
  readonly asking: Asking;
}

describe('the tasks of a cluster', () => {
  let stage: ReplayStage;
  let hub: MessagesHub;
  let cluster: PlayedCluster;
  let a: Process;
  let b: Process;
  let c: Process;

  function open(id: string): Process {
    const { clock } = stage;
    const messages = hub.connect(id);
    const asking = createAsking({ messages, cluster: cluster.of(id), clock });
    const news = createAttemptNews({ messages, clock });
    const { deliveryLog, wake } = stage.context();
    const couriers = createClusterCouriers({
      ...{ asking, clock, cluster: cluster.of(id), onRequeuedFor: news.watch },
      local: { ...deliveryLog, wake } as unknown as Couriers,
      configuration: { isKnown: () => true, refresh: async () => {}, settled: async () => {} },
    });
    const log = { info: () => {}, warn: () => {} };
    const recovery = createClusterRecovery({
      ...{ asking, messages, clock, log, store: stage.store, cluster: cluster.of(id), wake: couriers.wake },
      make: () =>
        createRecovery({
          ...{ ...stage.context(), wake: couriers.wake, log, store: stage.store, lookEveryMs: 60_000 },
          deliveryLog: couriers,
        }),
    });
    recovery.start();
    return { recovery, news, asking };
  }

  beforeEach(() => {
    stage = openReplayStage();
    hub = createMessagesHub();
    cluster = playCluster('a', 'b', 'c');
    [a, b, c] = ['a', 'b', 'c'].map(open) as [Process, Process, Process];
    for (const id of ['wh_1', 'wh_2']) stage.addWebhook(id);
    cluster.give('wh_1', 'b');
    cluster.give('wh_2', 'a');
    cluster.lead('a');
  });

  /** Only the process that sends hears of attempts. */
  function sentBy({ news, recovery }: Process): void {
    stage.observers.splice(0, 2, news.attempted, recovery.attempted);
  }

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1_000) {
      await stage.pass(Math.min(1_000, ms - passed));
      await stage.settle();
    }
  }

  async function recover(by: Process, webhookId: string): Promise<string> {
    const made = by.recovery.create({
      ...{ accountId: 'acc_1', kind: 'recover', filter: { webhookId }, states: ['failed'] },
    });
    await pass(1_000);
    return (await made).id;
  }

  /** Looks as a caller of this process does. */
  async function task(of: Process, id: string) {
    const asked = of.recovery.get(id);
    await stage.settle();
    return asked;
  }

  it('are not asked for in a form that the leader does not know, which says so', async () => {
    const newer = { name: 'tasks' } as Question<object, unknown>;
    const asked = b.asking.ask('a', newer, { command: 'load', args: [] });
    await expect(asked).rejects.toMatchObject({ code: 'overloaded', isGone: false });
  });

  it('are made and seen in any process, and count what others send', async () => {
    sentBy(b);
    const ids = stage.add('wh_1', 500);
    const id = await recover(c, 'wh_1');
    expect(stage.requeued).toHaveLength(200);
    for (const each of ids.slice(0, 150)) stage.attempt(each);
    await pass(1_000);
    for (const process of [a, b, c])
      expect(await task(process, id)).toMatchObject({ state: 'running', total: 500, done: 150 });
    for (let i = 0; i < 5; i++) {
      for (const each of stage.waitingOf('wh_1')) stage.attempt(each, i === 0 ? 'retrying' : 'delivered');
      await pass(1_000);
    }
    const ended = await task(c, id);
    expect(ended).toMatchObject({ state: 'done', total: 500, skipped: 0 });
    expect((ended?.done ?? 0) + (ended?.failed ?? 0)).toBe(500);
    expect(ended?.failed).toBeGreaterThan(0);
    const listed = await c.recovery.list({ accountId: 'acc_1' }, { limit: 10, cursor: null });
    expect(listed.data).toMatchObject([{ id, state: 'done' }]);
  });

  it('are cancelled from any process', async () => {
    sentBy(b);
    stage.add('wh_1', 500);
    const id = await recover(c, 'wh_1');
    const cancelled = b.recovery.cancel(id);
    await stage.settle();
    expect(await cancelled).toMatchObject({ id, state: 'cancelled' });
    expect(await task(a, id)).toMatchObject({ state: 'cancelled' });
  });

  it('end also where nothing is heard of what others send', async () => {
    sentBy(b);
    const ids = stage.add('wh_1', 50);
    hub.lose((kind) => kind === 'attempts');
    const id = await recover(a, 'wh_1');
    for (const each of ids) stage.attempt(each);
    await pass(6_000);
    expect(await task(c, id)).toMatchObject({ state: 'done', total: 50, done: 50 });
  });

  it('go on where the next process leads, from what is stored', async () => {
    sentBy(b);
    const ids = stage.add('wh_1', 500);
    const id = await recover(c, 'wh_1');
    for (const each of ids.slice(0, 100)) stage.attempt(each);
    await pass(2_000);
    cluster.lead(null);
    await pass(1_000);
    expect(await task(c, id)).toMatchObject({ total: 500, done: 100 });
    cluster.lead('c');
    for (let i = 0; i < 6; i++) {
      await pass(1_000);
      for (const each of stage.waitingOf('wh_1')) stage.attempt(each);
    }
    await pass(1_000);
    for (const process of [a, b, c])
      expect(await task(process, id)).toMatchObject({ state: 'done', total: 500, done: 500 });
  });

  it('count each delivery once where the owner dies between sending again and its answer', async () => {
    sentBy(c);
    stage.add('wh_1', 20);
    hub.lose((kind, _body, from) => kind === 'answer' && from === 'b');
    const id = await recover(a, 'wh_1');
    expect(stage.requeued).toHaveLength(20);
    cluster.die('b');
    await pass(3_000);
    cluster.give('wh_1', 'c');
    await pass(3_000);
    await stage.attemptAll('wh_1');
    await pass(10_000);
    expect(await task(a, id)).toMatchObject({ state: 'done', total: 20, done: 20, skipped: 0 });
  });

  it('wait for an endpoint that another process sends to, and go on when it gets something', async () => {
    sentBy(b);
    const ids = stage.add('wh_1', 3);
    const fresh = stage.add('wh_1', 1, 'pending');
    const id = await recover(a, 'wh_1');
    stage.attempt(ids[0] ?? '');
    await pass(quietMs + 5_000);
    expect(await task(c, id)).toMatchObject({ state: 'waiting', done: 1 });
    stage.attempt(fresh[0] ?? '', 'delivered', false);
    await pass(2_000);
    expect(await task(c, id)).toMatchObject({ state: 'running', done: 1 });
    for (const each of ids.slice(1)) stage.attempt(each);
    await pass(2_000);
    expect(await task(c, id)).toMatchObject({ state: 'done', done: 3 });
  });

  it('cannot be made while no process leads, and are seen as they are stored', async () => {
    sentBy(b);
    stage.add('wh_1', 500);
    const id = await recover(c, 'wh_1');
    await pass(2_000);
    cluster.die('a');
    const failed = b.recovery
      .create({ accountId: 'acc_1', kind: 'recover', filter: { webhookId: 'wh_2' }, states: ['failed'] })
      .catch((error: unknown) => error);
    await pass(16_000);
    expect(await failed).toMatchObject({ code: 'overloaded' });
    expect(await task(b, id)).toMatchObject({ id, state: 'running', total: 500 });
  });
});
