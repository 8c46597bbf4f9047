import { describe, expect, it } from 'vitest';
import { laneWindow, memoryBudget, smallWindow } from './lanes/memory.ts';
import { openStage } from './testing/stage.ts';

describe('reports that are worthless', () => {
  it('end without using up the rate, so that fresh ones go out as soon as the endpoint is back', async () => {
    const stage = openStage();
    const settings = { ratePerSecond: 10, retry: { maxAttempts: 11, giveUpAfterMs: 60_000 } };
    stage.webhook('shop', settings, { status: 'disabled' });
    await stage.accept('shop', 500);
    await stage.pass(61_000);
    const [fresh] = await stage.accept('shop', 1);
    stage.webhook('shop', settings);
    await stage.settle();
    expect(stage.sentTo('shop')).toEqual([fresh?.id]);
  });
});

describe('an answer to a request of before a change', () => {
  it('is recorded, but neither disables the webhook nor counts against its new endpoint', async () => {
    const stage = openStage();
    stage.webhook('shop', {}, { version: 1 });
    await stage.accept('shop', 1);
    stage.webhook('shop', {}, { version: 2, url: 'https://new/dlr' });
    await stage.answer('shop', 410);
    expect(stage.attempts).toMatchObject([
      { webhookVersion: 1, statusCode: 410, after: { state: 'retrying' } },
    ]);
    expect(stage.disabled).toEqual([]);
    const [next] = await stage.accept('shop', 1);
    expect(stage.sentTo('new')).toEqual([next?.id]);
  });
});

describe('while memory is short', () => {
  it('lanes that send nothing give theirs back, and lose nothing by it', async () => {
    const stage = openStage();
    const dead = Array.from({ length: memoryBudget / laneWindow }, (_, i) => `dead${i}`);
    for (const name of dead) {
      stage.webhook(name, {}, { status: 'disabled' });
      await stage.accept(name, laneWindow);
    }
    expect(stage.dispatcher.status().inMemory).toBe(memoryBudget - laneWindow + smallWindow);
    stage.webhook('dead9', { maxConcurrency: 50 });
    await stage.settle();
    while (stage.sentTo('dead9').length < laneWindow) await stage.answer('dead9', 200);
    const sent = stage.sentTo('dead9');
    expect(sent).toEqual([...new Set(sent)].sort());
  });
});

describe('a webhook that is disabled and enabled again', () => {
  it('is not judged by answers to requests of before', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    stage.webhook('shop', {}, { status: 'disabled' });
    stage.webhook('shop', {}, { status: 'enabled' });
    await stage.answer('shop', 410);
    expect(stage.disabled).toEqual([]);
  });

  it('does not rest because of what its endpoint asked for before', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    await stage.answer('shop', 429, '3600');
    const waiting = await stage.acceptOne('shop');
    expect(stage.sentTo('shop')).toHaveLength(1);
    stage.webhook('shop', {}, { status: 'disabled' });
    stage.webhook('shop', {}, { status: 'enabled' });
    await stage.settle();
    expect(stage.sentTo('shop').at(-1)).toBe(waiting.id);
  });
});

describe('a webhook that is deleted', () => {
  it('leaves no timer behind', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    await stage.answer('shop', 500);
    expect(stage.clock.nextAt).not.toBeNull();
    stage.registry.remove('shop');
    await stage.settle();
    expect(stage.clock.nextAt).toBeNull();
  });

  it('is gone when the last of its requests has ended, not the first', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 2);
    stage.registry.remove('shop');
    let isGone = false;
    void stage.dispatcher.gone('shop').then(() => {
      isGone = true;
    });
    const [first, second] = stage.underWay('shop');
    first?.answer(200);
    await stage.settle();
    expect(isGone).toBe(false);
    second?.answer(200);
    await stage.settle();
    expect(isGone).toBe(true);
  });
});

describe('a retry that ends because it is too old', () => {
  it('goes out again when somebody asks for it', async () => {
    const stage = openStage();
    stage.webhook('shop', { maxConcurrency: 1, retry: { maxAttempts: 11, giveUpAfterMs: 60_000 } });
    const old = await stage.acceptOne('shop');
    await stage.answer('shop', 500);
    await stage.pass(4_000);
    const other = await stage.acceptOne('shop');
    // The old one is loaded, and waits for the other.
    await stage.pass(70_000);
    await stage.answer('shop', 200);
    expect(stage.log.stateOf(old.id)).toMatchObject({ state: 'failed', reason: 'gave_up_after' });
    expect(stage.sentTo('shop')).toEqual([old.id, other.id]);
    const replayed = stage.dispatcher.replay({ id: old.id, webhookId: 'shop' });
    await stage.settle();
    await replayed;
    expect(stage.sentTo('shop')).toEqual([old.id, other.id, old.id]);
  });

  it('goes out again when somebody asks for it in the moment in which it ends', async () => {
    const stage = openStage();
    const settings = { maxConcurrency: 1, retry: { maxAttempts: 11, giveUpAfterMs: 60_000 } };
    stage.webhook('shop', settings);
    const delivered = await stage.acceptOne('shop');
    await stage.answer('shop', 200);
    const old = await stage.acceptOne('shop');
    await stage.answer('shop', 500);
    await stage.pass(4_000);
    const other = await stage.acceptOne('shop');
    // The old one is loaded, and waits for the other.
    await stage.pass(10_000);
    stage.webhook('shop', settings, { status: 'disabled' });
    await stage.pass(60_000);
    // What is told of the first one looks at the lane, and finds the old one's time over.
    const replays = [delivered, old].map(({ id }) => stage.dispatcher.replay({ id, webhookId: 'shop' }));
    await stage.settle();
    await Promise.all(replays);
    stage.webhook('shop', settings, { status: 'enabled' });
    for (let i = 0; i < 3; i++) await stage.answer('shop', 200);
    const firstTime = [delivered.id, old.id, other.id];
    expect(stage.sentTo('shop')).toEqual([...firstTime, ...stage.sentTo('shop').slice(3)]);
    expect(stage.sentTo('shop').slice(3).toSorted()).toEqual([delivered.id, old.id].toSorted());
  });
});
