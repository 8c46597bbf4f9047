import { beforeEach, describe, expect, it } from 'vitest';
import { saveEveryMs } from './recovery.ts';
import { openReplayStage, type ReplayStage } from './testing/replay-stage.ts';

let stage: ReplayStage;
beforeEach(() => {
  stage = openReplayStage();
  stage.addWebhook('wh_1');
});

describe('a task', () => {
  it('sends again what matches, oldest first and some at a time, and counts it', async () => {
    const ids = stage.add('wh_1', 450);
    stage.add('wh_1', 3, 'delivered');
    const id = await stage.recover('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 450, done: 0, failed: 0 });
    expect(stage.requeued).toEqual(ids.slice(0, 200));
    expect(stage.woken).toEqual(['wh_1']);
    for (const each of ids.slice(0, 99)) stage.attempt(each);
    await stage.settle();
    expect(stage.requeued).toHaveLength(200);
    stage.attempt(ids[99] ?? '');
    await stage.settle();
    expect(stage.requeued).toEqual(ids.slice(0, 300));
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 450, done: 100 });
    await stage.attemptAll('wh_1');
    expect(stage.requeued).toEqual(ids);
    const ended = {
      state: 'done',
      total: 450,
      done: 450,
      failed: 0,
      skipped: 0,
      reason: null,
      progress: null,
    };
    expect(await stage.task(id)).toMatchObject({ ...ended, finishedAt: stage.clock.now() });
    expect(stage.tasks.get(id)).toMatchObject(ended);
  });

  it('counts an attempt that does not deliver as failed, and leaves the delivery to its retries', async () => {
    const [a = '', b = '', c = ''] = stage.add('wh_1', 3);
    const id = await stage.recover('wh_1');
    stage.attempt(a, 'retrying');
    stage.attempt(b, 'failed');
    stage.attempt(a, 'delivered', false);
    stage.attempt(c);
    await stage.settle();
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 3, done: 1, failed: 2 });
    expect(stage.requeued).toEqual([a, b, c]);
  });

  it('counts a delivery whose list goes again in halves once, by what comes of the last of them', async () => {
    const [a = '', b = ''] = stage.add('wh_1', 2);
    const id = await stage.recover('wh_1');
    // One that was under way when it was queued says nothing.
    stage.attempt(a, 'retrying', false, true);
    for (const each of [a, b]) stage.attempt(each, 'retrying', true, true);
    await stage.settle();
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 2, done: 0, failed: 0 });
    stage.attempt(a, 'delivered', false);
    stage.attempt(b, 'retrying', false, true);
    stage.attempt(b, 'failed', false);
    await stage.settle();
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 2, done: 1, failed: 1 });
  });

  it('keeps to the states and the time that were asked for, and to what was accepted before it', async () => {
    const all = [stage.add('wh_1', 2), stage.add('wh_1', 2, 'skipped'), stage.add('wh_1', 2)].flat();
    const from = stage.clock.now() - 3_600_000 + 2;
    stage.clock.advance(1);
    const id = await stage.recover('wh_1', {
      filter: { webhookId: 'wh_1', from, to: stage.clock.now() + 1e9 },
      states: ['failed', 'skipped'],
    });
    expect(stage.requeued).toEqual(all.slice(1));
    expect((await stage.task(id)).filter).toEqual({ webhookId: 'wh_1', from, to: stage.clock.now() });
  });

  it('is done at once when nothing matches', async () => {
    const id = await stage.recover('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 0, finishedAt: stage.clock.now() });
  });

  it('of a whole account lets no endpoint hold up the others', async () => {
    stage.addWebhook('wh_2');
    stage.addWebhook('wh_3', 'acc_2');
    stage.add('wh_1', 1_000);
    const second = stage.add('wh_2', 1_000);
    stage.add('wh_3', 1);
    const id = await stage.recover('', { kind: 'replay', filter: {} });
    await stage.attemptAll('wh_2');
    expect(stage.requeued.filter((each) => second.includes(each))).toEqual(second);
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 2_000, done: 1_000 });
    await stage.attemptAll('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 2_000, done: 2_000 });
    expect(stage.waitingOf('wh_3')).toEqual([]);
  });

  it('skips what somebody else has sent again meanwhile', async () => {
    const ids = stage.add('wh_1', 300);
    const id = await stage.recover('wh_1');
    for (const each of ids.slice(290)) stage.attempt(each);
    await stage.attemptAll('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 300, done: 290, skipped: 10 });
  });

  it('asks after what ended without an attempt', async () => {
    const [skipped = '', delivered = '', gone = ''] = stage.add('wh_1', 3);
    const id = await stage.recover('wh_1');
    const set = (each: string, state: 'skipped' | 'delivered') => {
      const found = stage.deliveries.get(each);
      if (found) found.state = state;
    };
    set(skipped, 'skipped');
    set(delivered, 'delivered');
    stage.deliveries.delete(gone);
    await stage.pass(5_000);
    expect(await stage.task(id)).toMatchObject({ state: 'done', done: 1, skipped: 2 });
  });

  it('fails when its webhook is deleted', async () => {
    stage.add('wh_1', 300);
    const id = await stage.recover('wh_1');
    stage.attempt(stage.waitingOf('wh_1')[0] ?? '');
    stage.registry.remove('wh_1');
    await stage.pass(60_000);
    const ended = { state: 'failed', reason: 'webhook_deleted', total: 300, done: 1, skipped: 299 };
    expect(await stage.task(id)).toMatchObject(ended);
  });

  it('counts reports that wait for an earlier one of their message when that one fails', async () => {
    const [a = '', b = '', c = '', other = ''] = stage.add('wh_1', 4);
    for (const [id, key] of [
      [a, 1],
      [b, 1],
      [c, 1],
      [other, 2],
    ] as const)
      stage.orderKeys.set(id, key);
    const id = await stage.recover('wh_1');
    stage.attempt(a);
    stage.attempt(b, 'retrying');
    expect(await stage.task(id)).toMatchObject({ state: 'running', done: 1, failed: 2 });
    stage.attempt(other, 'failed');
    await stage.settle();
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 4, done: 1, failed: 3 });
  });

  it('is cancelled at once: what is not queued stays as it was', async () => {
    const ids = stage.add('wh_1', 300);
    const id = await stage.recover('wh_1');
    stage.attempt(ids[0] ?? '');
    const cancelled = { state: 'cancelled', total: 300, done: 1, finishedAt: stage.clock.now() };
    expect(await stage.recovery.cancel(id)).toMatchObject(cancelled);
    expect(stage.tasks.get(id)).toMatchObject(cancelled);
    await stage.attemptAll('wh_1');
    await stage.pass(60_000);
    expect(await stage.task(id)).toMatchObject(cancelled);
    expect(stage.requeued).toEqual(ids.slice(0, 200));
    expect(ids.slice(200).map(stage.stateOf)).toEqual(Array(100).fill('failed'));
    expect(stage.clock.waiting).toBe(0);
  });

  it('that is cancelled while its progress is written down queues nothing more', async () => {
    const ids = stage.add('wh_1', 2);
    const written = stage.holdSaves();
    const id = await stage.recover('wh_1');
    const cancelled = stage.recovery.cancel(id);
    written();
    expect(await cancelled).toMatchObject({ state: 'cancelled', total: 2, done: 0 });
    await stage.settle();
    expect(stage.requeued).toEqual([]);
    expect(ids.map(stage.stateOf)).toEqual(['failed', 'failed']);
    expect(stage.tasks.get(id)).toMatchObject({ state: 'cancelled' });
  });

  it('that has ended stays as it is when it is cancelled, and one that there is not is null', async () => {
    const id = await stage.recover('wh_1');
    expect(await stage.recovery.cancel(id)).toMatchObject({ state: 'done' });
    expect(await stage.recovery.cancel('task_0')).toBeNull();
  });
});

describe('tasks', () => {
  it('are listed as they stand now', async () => {
    const [first = ''] = stage.add('wh_1', 2);
    const id = await stage.recover('wh_1');
    stage.attempt(first);
    const { data } = await stage.recovery.list({ accountId: 'acc_1' }, { limit: 50, cursor: null });
    expect(data).toMatchObject([{ id, state: 'running', done: 1 }]);
  });

  it('share a delivery: the second one skips it', async () => {
    const ids = stage.add('wh_1', 2);
    const first = await stage.recover('wh_1');
    const second = await stage.recover('wh_1');
    expect(await stage.task(second)).toMatchObject({ state: 'done', total: 0 });
    for (const id of ids) stage.attempt(id);
    await stage.settle();
    expect(await stage.task(first)).toMatchObject({ state: 'done', done: 2 });
  });

  it('are refused when the account has enough under way', async () => {
    stage = openReplayStage({ mostAtWork: 10, mostOfAccount: 2, mostUnended: 3 });
    stage.addWebhook('wh_1');
    stage.add('wh_1', 1_000);
    const first = await stage.recover('wh_1');
    await stage.recover('wh_1');
    await expect(stage.recover('wh_1')).rejects.toMatchObject({ code: 'conflict' });
    await stage.recovery.cancel(first);
    await stage.recover('wh_1');
  });
});

/** Webhooks of as many accounts, each with so much to send again. */
function addAccounts(count: number, deliveries: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const webhookId = `wh_of_${i}`;
    stage.addWebhook(webhookId, webhookId);
    stage.add(webhookId, deliveries);
    return webhookId;
  });
}

const recoverAs = (accountId: string) =>
  stage.recover(accountId, { accountId, filter: { webhookId: accountId } });

describe('a task whose endpoint gets nothing', () => {
  beforeEach(() => {
    stage = openReplayStage({ mostAtWork: 3, mostOfAccount: 2, mostUnended: 4 });
  });

  it('takes no place after a minute: not of its account, and not of others', async () => {
    const dead = addAccounts(6, 300);
    const tasks: string[] = [];
    for (const webhookId of dead) {
      tasks.push(await recoverAs(webhookId), await recoverAs(webhookId));
      await stage.pass(1_000);
    }
    for (let seconds = 0; seconds < 400; seconds += 1) await stage.pass(1_000);
    for (const id of tasks) expect(await stage.task(id)).toMatchObject({ state: 'waiting' });
    const [own = ''] = dead;
    const alive = addAccounts(7, 10).at(-1) ?? '';
    for (const account of [own, alive]) {
      const id = await recoverAs(account);
      expect(await stage.task(id)).toMatchObject({ state: 'running' });
    }
  });

  it('goes on when its endpoint gets something, and counts what it got', async () => {
    const [webhookId = ''] = addAccounts(1, 300);
    const id = await recoverAs(webhookId);
    for (let seconds = 0; seconds < 70; seconds++) await stage.pass(1_000);
    expect(await stage.task(id)).toMatchObject({ state: 'waiting', total: 300, done: 0 });
    expect(stage.requeued).toHaveLength(200);
    for (const each of stage.waitingOf(webhookId).slice(0, 30)) stage.attempt(each);
    await stage.settle();
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 300, done: 30 });
    await stage.attemptAll(webhookId);
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 300, done: 300 });
  });

  it('stays as it is while its endpoint fails', async () => {
    const [webhookId = ''] = addAccounts(1, 300);
    const id = await recoverAs(webhookId);
    for (let seconds = 0; seconds < 70; seconds++) await stage.pass(1_000);
    stage.attempt(stage.waitingOf(webhookId)[0] ?? '', 'retrying');
    await stage.settle();
    expect(await stage.task(id)).toMatchObject({ state: 'waiting', done: 0, failed: 0 });
  });

  it('is asked after: what has ended meanwhile is counted, and what follows is queued', async () => {
    const [webhookId = ''] = addAccounts(1, 300);
    const id = await recoverAs(webhookId);
    for (let seconds = 0; seconds < 70; seconds++) await stage.pass(1_000);
    for (const each of stage.waitingOf(webhookId)) stage.attempt(each, 'failed');
    await stage.pass(15 * 60_000);
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 300, failed: 200 });
    expect(stage.requeued).toHaveLength(300);
  });

  it('fails when its webhook is deleted', async () => {
    const [webhookId = ''] = addAccounts(1, 300);
    const id = await recoverAs(webhookId);
    for (let seconds = 0; seconds < 70; seconds++) await stage.pass(1_000);
    stage.registry.remove(webhookId);
    await stage.pass(15 * 60_000);
    await stage.pass(60_000);
    expect(await stage.task(id)).toMatchObject({ state: 'failed', reason: 'webhook_deleted' });
  });

  it('is cancelled like any other', async () => {
    const [webhookId = ''] = addAccounts(1, 300);
    const id = await recoverAs(webhookId);
    for (let seconds = 0; seconds < 70; seconds++) await stage.pass(1_000);
    expect(await stage.recovery.cancel(id)).toMatchObject({ state: 'cancelled', total: 300 });
    expect(stage.tasks.get(id)).toMatchObject({ state: 'cancelled', progress: null });
    await stage.attemptAll(webhookId);
    expect(stage.requeued).toHaveLength(200);
    await stage.pass(1_000);
    expect(stage.clock.waiting).toBe(0);
  });

  it('goes on after a restart', async () => {
    const [webhookId = ''] = addAccounts(1, 300);
    const id = await recoverAs(webhookId);
    for (let seconds = 0; seconds < 70; seconds++) await stage.pass(1_000);
    await stage.restart('close');
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 300, done: 0 });
    await stage.attemptAll(webhookId);
    expect(await stage.task(id)).toMatchObject({ state: 'done', done: 300 });
  });

  it('is refused beside too many others of its account', async () => {
    const [webhookId = ''] = addAccounts(1, 5_000);
    for (let i = 0; i < 4; i++) {
      await recoverAs(webhookId);
      for (let seconds = 0; seconds < 70; seconds++) await stage.pass(1_000);
    }
    await expect(recoverAs(webhookId)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('places', () => {
  it('go round: a task that is at work for long gives way to whoever waits', async () => {
    stage = openReplayStage({ mostAtWork: 2, mostOfAccount: 2, mostUnended: 4 });
    const [busy = '', other = ''] = addAccounts(2, 5_000);
    const tasks = [await recoverAs(busy), await recoverAs(busy)];
    const waits = await recoverAs(other);
    expect(await stage.task(waits)).toMatchObject({ state: 'waiting', total: null });
    // One delivery every second: slow, and not dead.
    const pass = async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        const [next] = stage.waitingOf(busy);
        if (next) stage.attempt(next);
        await stage.pass(1_000);
      }
    };
    await pass(63);
    expect(await stage.task(waits)).toMatchObject({ state: 'running' });
    const states = await Promise.all(tasks.map(async (id) => (await stage.task(id)).state));
    expect(states.toSorted()).toEqual(['running', 'waiting']);
    await stage.attemptAll(other);
    expect(await stage.task(waits)).toMatchObject({ state: 'done', done: 5_000 });
    await stage.attemptAll(busy);
    const ended = await Promise.all(tasks.map((id) => stage.task(id)));
    expect(ended.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(ended.reduce((sum, { done }) => sum + done, 0)).toBe(5_000);
  });
});

describe('progress', () => {
  it('is on disk before anything is queued, and a second later', async () => {
    const ids = stage.add('wh_1', 300);
    const id = await stage.recover('wh_1');
    stage.attempt(ids[0] ?? '');
    const queueing = ids.slice(0, 200);
    expect(stage.tasks.get(id)).toMatchObject({
      state: 'running',
      total: 300,
      done: 0,
      progress: [{ webhookId: 'wh_1', after: ids[199], outstanding: [], queueing }],
    });
    await stage.pass(saveEveryMs);
    expect(stage.tasks.get(id)).toMatchObject({
      state: 'running',
      total: 300,
      done: 1,
      progress: [{ webhookId: 'wh_1', after: ids[199], outstanding: ids.slice(1, 200), queueing: [] }],
    });
  });

  it.each(['close', 'crash'] as const)(
    'goes on after a %s, and sends nothing twice that was known',
    async (how) => {
      const ids = stage.add('wh_1', 500);
      const id = await stage.recover('wh_1');
      for (const each of ids.slice(0, 150)) stage.attempt(each);
      await stage.settle();
      await stage.pass(saveEveryMs);
      const before = stage.requeued.splice(0);
      expect(before).toEqual(ids.slice(0, 350));
      // While the program is down some attempts end whose effect it had not seen.
      for (const [i, each] of ids.slice(150, 160).entries()) {
        const found = stage.deliveries.get(each);
        if (found) found.state = i % 2 === 0 ? 'delivered' : 'failed';
      }
      await stage.restart(how);
      const again = ids.slice(160, 350);
      expect(stage.requeued).toEqual(again);
      expect(await stage.task(id)).toMatchObject({ state: 'running', total: 500, done: 155, failed: 5 });
      await stage.attemptAll('wh_1');
      // Those that were left are those that nobody had tried.
      expect(stage.requeued).toEqual([...again, ...ids.slice(350)]);
      expect(await stage.task(id)).toMatchObject({ state: 'done', total: 500, done: 495, failed: 5 });
    },
  );

  it.each<['requeue' | 'answer', number]>([
    ['requeue', 0],
    ['answer', 0],
    ['answer', 60],
  ])(
    'counts everything once when it is killed while it queues (%s lost, %i delivered meanwhile)',
    async (lost, delivered) => {
      const ids = stage.add('wh_1', 500);
      stage.failing.add(lost);
      const id = await stage.recover('wh_1');
      for (const each of ids.slice(0, delivered)) stage.attempt(each);
      stage.requeued.splice(0);
      await stage.restart('crash');
      expect(new Set(stage.requeued)).toEqual(new Set(ids.slice(delivered, 200)));
      expect(await stage.task(id)).toMatchObject({ state: 'running', total: 500, done: delivered });
      await stage.attemptAll('wh_1');
      expect(await stage.task(id)).toMatchObject({ state: 'done', total: 500, done: 500, skipped: 0 });
    },
  );

  it('counts what is queued and what was being queued, where they were killed together', async () => {
    const ids = stage.add('wh_1', 400);
    const id = await stage.recover('wh_1');
    stage.failing.add('answer');
    for (const each of ids.slice(0, 100)) stage.attempt(each);
    await stage.settle();
    for (const each of ids.slice(200, 250)) stage.attempt(each);
    await stage.restart('crash');
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 400, done: 150 });
    await stage.attemptAll('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 400, done: 400 });
  });

  it('knows after a restart which reports wait for another one of their message', async () => {
    const ids = stage.add('wh_1', 3);
    for (const each of ids) stage.orderKeys.set(each, 1);
    const id = await stage.recover('wh_1');
    // The store holds the later ones: to all others they are pending.
    for (const each of ids.slice(1)) {
      const found = stage.deliveries.get(each);
      if (found) found.state = 'pending';
    }
    await stage.pass(saveEveryMs);
    await stage.restart('crash');
    expect(await stage.task(id)).toMatchObject({ state: 'running', total: 3, failed: 0 });
    stage.attempt(ids[0] ?? '', 'retrying');
    await stage.settle();
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 3, failed: 3 });
  });

  it('queues nothing that is not written down', async () => {
    const ids = stage.add('wh_1', 300);
    const id = await stage.recover('wh_1');
    stage.failing.add('save');
    for (const each of ids.slice(0, 150)) stage.attempt(each);
    await stage.pass(1_000);
    expect(stage.requeued).toHaveLength(200);
    stage.failing.delete('save');
    await stage.pass(1_000);
    expect(stage.requeued).toEqual(ids);
    await stage.attemptAll('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'done', total: 300, done: 300 });
  });

  it('of many webhooks is written down together', async () => {
    for (let i = 2; i <= 50; i++) stage.addWebhook(`wh_${i}`);
    for (let i = 1; i <= 50; i++) stage.add(`wh_${i}`, 2);
    await stage.recover('', { kind: 'replay', filter: {} });
    expect(stage.requeued).toHaveLength(100);
    expect(stage.saves).toBeLessThan(5);
  });

  it('begins again when it had not been counted', async () => {
    const ids = stage.add('wh_1', 2);
    stage.failing.add('list');
    const id = await stage.recover('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'collecting', total: null });
    await stage.recovery.close();
    stage.failing.delete('list');
    await stage.restart('close');
    expect(stage.requeued).toEqual(ids);
    await stage.attemptAll('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'done', done: 2 });
  });

  it('that the store does not take is kept for the next time', async () => {
    const ids = stage.add('wh_1', 1);
    const id = await stage.recover('wh_1');
    stage.failing.add('save');
    stage.attempt(ids[0] ?? '');
    await stage.settle();
    expect(await stage.task(id)).toMatchObject({ state: 'done' });
    await stage.pass(saveEveryMs);
    expect(stage.warnings).toEqual([expect.stringContaining('could not be saved')]);
    stage.failing.delete('save');
    await stage.pass(saveEveryMs);
    expect(stage.tasks.get(id)).toMatchObject({ state: 'done', done: 1 });
    expect(stage.clock.waiting).toBe(0);
  });
});

describe('a store that fails', () => {
  it('is asked again a second later to queue the same deliveries', async () => {
    const ids = stage.add('wh_1', 2);
    stage.failing.add('requeue');
    const id = await stage.recover('wh_1');
    await stage.pass(1_000);
    expect(stage.requeued).toEqual([]);
    stage.failing.delete('requeue');
    await stage.pass(1_000);
    expect(stage.requeued).toEqual(ids);
    await stage.attemptAll('wh_1');
    expect(await stage.task(id)).toMatchObject({ state: 'done', done: 2 });
  });

  it('ends the task when its history cannot be read three times', async () => {
    stage.add('wh_1', 2);
    stage.failing.add('list');
    const id = await stage.recover('wh_1');
    await stage.pass(1_000);
    expect(await stage.task(id)).toMatchObject({ state: 'collecting' });
    await stage.pass(1_000);
    expect(await stage.task(id)).toMatchObject({ state: 'failed', reason: 'store_failed' });
    expect(stage.warnings).toHaveLength(1);
  });

  it('refuses a new task and keeps no place for it', async () => {
    stage.failing.add('save');
    for (let i = 0; i < 6; i++) await expect(stage.recover('wh_1')).rejects.toThrow('save fails');
    stage.failing.delete('save');
    await stage.recover('wh_1');
  });
});
