import { describe, expect, it } from 'vitest';
import { openStage } from './testing/stage.ts';

describe('stopping', () => {
  it('starts nothing more and waits until what is under way is on disk', async () => {
    const stage = openStage();
    stage.webhook('shop', { maxConcurrency: 2 });
    const all = await stage.accept('shop', 5);
    let stopped = false;
    const stop = stage.dispatcher.stop(10_000).then(() => {
      stopped = true;
    });
    for (const request of stage.underWay('shop')) request.answer(200);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    await stage.settle();
    await stop;
    expect(stage.sentTo('shop')).toHaveLength(2);
    expect(all.map(({ id }) => stage.log.stateOf(id)?.state)).toEqual([
      'delivered',
      'delivered',
      undefined,
      undefined,
      undefined,
    ]);
    expect(stage.clock.waiting).toBe(0);
  });

  it('gives up at the deadline: what is answered later is not recorded and goes out after the next start', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const [delivery] = await stage.accept('shop', 1);
    const stop = stage.dispatcher.stop(10_000);
    await stage.pass(10_000);
    await stop;
    await stage.answer('shop', 200);
    expect(stage.log.stateOf(delivery?.id ?? '')).toBeNull();
    expect(stage.attempts).toEqual([]);
  });

  it('is done at once when nothing is under way', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    await stage.answer('shop', 500);
    await stage.dispatcher.stop(10_000);
    await stage.pass(3_600_000);
    expect(stage.sentTo('shop')).toHaveLength(1);
  });

  it('leaves what is accepted meanwhile in the store', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.dispatcher.stop(10_000);
    const [delivery] = await stage.accept('shop', 1);
    expect(stage.sentTo('shop')).toEqual([]);
    expect(stage.log.stateOf(delivery?.id ?? '')).toBeNull();
  });
});
