import { describe, expect, it } from 'vitest';
import { openStage } from './testing/stage.ts';

const second = 1_000;

describe('a retry', () => {
  it('goes out when it is due, not before', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const [delivery] = await stage.accept('shop', 1);
    await stage.answer('shop', 500);
    await stage.pass(5 * second - 1);
    expect(stage.sentTo('shop')).toHaveLength(1);
    await stage.pass(1);
    expect(stage.sentTo('shop')).toEqual([delivery?.id, delivery?.id]);
    await stage.answer('shop', 500);
    await stage.pass(30 * second);
    await stage.answer('shop', 200);
    expect(stage.attempts.map(({ number, after }) => [number, after.state])).toEqual([
      [1, 'retrying'],
      [2, 'retrying'],
      [3, 'delivered'],
    ]);
    await stage.pass(24 * 3600 * second);
    expect(stage.sentTo('shop')).toHaveLength(3);
  });

  it('comes to an end', async () => {
    const stage = openStage();
    stage.webhook('shop', { retry: { maxAttempts: 2, giveUpAfterMs: null } });
    const [delivery] = await stage.accept('shop', 1);
    await stage.answer('shop', 500);
    await stage.pass(5 * second);
    await stage.answer('shop', 500);
    expect(stage.log.stateOf(delivery?.id ?? '')).toEqual({ state: 'failed', reason: 'attempts_exhausted' });
  });

  it('of many is sent once each, however slowly they are answered and loaded', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const all = await stage.accept('shop', 600);
    const failed = (id: string): boolean => all.findIndex((delivery) => delivery.id === id) % 3 === 0;
    while (stage.underWay('shop').length > 0) {
      for (const request of stage.underWay('shop')) request.answer(failed(request.id) ? 500 : 200);
      await stage.settle();
    }
    expect(stage.sentTo('shop')).toHaveLength(600);
    await stage.pass(5 * second);
    for (let round = 0; stage.underWay('shop').length > 0; round++) {
      if (round < 3) await stage.pass(second);
      await stage.answer('shop', 200);
    }
    expect(stage.sentTo('shop')).toHaveLength(800);
    expect(all.every(({ id }) => stage.log.stateOf(id)?.state === 'delivered')).toBe(true);
  });
});

describe('an endpoint that asks for a pause', () => {
  it('gets nothing until that is over, then everything at a pace', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    await stage.answer('shop', 429, '60');
    await stage.accept('shop', 3);
    await stage.pass(60 * second - 1);
    expect(stage.sentTo('shop')).toHaveLength(1);
    await stage.pass(1);
    expect(stage.underWay('shop').length).toBeGreaterThan(0);
    expect(stage.sentTo('shop').length).toBeLessThan(5);
    for (let i = 0; i < 5; i++) {
      await stage.answer('shop', 200);
      await stage.pass(second);
    }
    expect(stage.sentTo('shop')).toHaveLength(5);
  });

  it('holds no other lane', async () => {
    const stage = openStage();
    stage.webhook('shop');
    stage.webhook('bank');
    await stage.accept('shop', 1);
    await stage.answer('shop', 503, '3600');
    await stage.accept('bank', 1);
    expect(stage.sentTo('bank')).toHaveLength(1);
  });
});

describe('410', () => {
  it('disables the webhook once, and what waits goes out when it is enabled again', async () => {
    const stage = openStage();
    const webhook = stage.webhook('shop', { maxConcurrency: 2 });
    await stage.accept('shop', 4);
    await stage.answer('shop', 410);
    expect(stage.disabled).toEqual(['shop gone']);
    await stage.pass(3600 * second);
    expect(stage.sentTo('shop')).toHaveLength(2);
    stage.sender.always = 200;
    stage.webhook('shop', {}, { ...webhook, status: 'enabled' });
    await stage.settle();
    expect(new Set(stage.sentTo('shop').slice(2)).size).toBe(4);
  });
});

describe('a replay', () => {
  it('sends a delivered one again, marked manual, with its attempts before it', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const delivery = await stage.acceptOne('shop');
    await stage.answer('shop', 200);
    const replayed = stage.dispatcher.replay(delivery);
    await stage.settle();
    await replayed;
    await stage.answer('shop', 200);
    expect(stage.attempts.map(({ number, manual }) => [number, manual])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('starts attempts anew, so that what has failed gets retries again', async () => {
    const stage = openStage();
    stage.webhook('shop', { retry: { maxAttempts: 2, giveUpAfterMs: null } });
    const delivery = await stage.acceptOne('shop');
    await stage.answer('shop', 500);
    await stage.pass(5 * second);
    await stage.answer('shop', 500);
    void stage.dispatcher.replay(delivery);
    await stage.settle();
    await stage.answer('shop', 500);
    expect(stage.log.stateOf(delivery.id)).toMatchObject({ state: 'retrying' });
    await stage.pass(5 * second);
    expect(stage.sentTo('shop')).toHaveLength(4);
  });

  it('does not wait for a pause that the endpoint asked for', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const delivery = await stage.acceptOne('shop');
    await stage.answer('shop', 429, '3600');
    void stage.dispatcher.replay(delivery);
    await stage.settle();
    expect(stage.sentTo('shop')).toHaveLength(2);
  });

  it('into a webhook that is deleted meanwhile leaves nothing waiting', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const delivery = await stage.acceptOne('shop');
    await stage.answer('shop', 500);
    void stage.dispatcher.replay(delivery);
    stage.registry.remove('shop');
    await stage.settle();
    expect(stage.log.stateOf(delivery.id)?.state).toBe('skipped');
    expect(stage.sentTo('shop')).toHaveLength(1);
  });
});
