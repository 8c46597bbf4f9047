import { describe, expect, it } from 'vitest';
import { openStage } from './testing/stage.ts';

describe('deliveries that are dropped', () => {
  it('are sent no more, in memory or in the store, and others of the webhook are', async () => {
    const stage = openStage();
    stage.webhook('shop', { maxConcurrency: 1 });
    const [first, ...waiting] = (await stage.accept('shop', 6)).map(({ id }) => id);
    const gone = [waiting[0], waiting[3]] as string[];
    const dropped = stage.dispatcher.drop('shop', gone, 'erased');
    await stage.settle();
    for (let i = 0; i < 6; i++) await stage.answer('shop', 200);
    await dropped;
    expect(stage.sentTo('shop')).toEqual([first, ...waiting.filter((id) => !gone.includes(id))]);
    expect(gone.map((id) => stage.log.stateOf(id))).toEqual(
      gone.map(() => ({ state: 'skipped', reason: 'erased' })),
    );
    expect(stage.skipped).toEqual(['shop erased 2']);
    expect(stage.dispatcher.status()).toMatchObject({ inFlight: 0, inMemory: 0 });
  });

  it('are waited for while they are under way, and not tried again', async () => {
    const stage = openStage({ webhooks: ['shop'] });
    const { id } = await stage.acceptOne('shop');
    let ended = false;
    const dropped = stage.dispatcher.drop('shop', [id], 'erased').then(() => {
      ended = true;
    });
    await stage.settle();
    expect(ended).toBe(false);
    await stage.answer('shop', 500);
    await dropped;
    expect(stage.attempts).toHaveLength(1);
    expect(stage.log.stateOf(id)).toEqual({ state: 'skipped', reason: 'erased' });
    await stage.pass(24 * 3_600_000);
    expect(stage.sentTo('shop').filter((sent) => sent === id)).toHaveLength(1);
  });

  it('that were delivered meanwhile stay delivered', async () => {
    const stage = openStage({ webhooks: ['shop'] });
    const { id } = await stage.acceptOne('shop');
    const dropped = stage.dispatcher.drop('shop', [id], 'erased');
    await stage.settle();
    await stage.answer('shop', 200);
    await dropped;
    expect(stage.log.stateOf(id)).toEqual({ state: 'delivered' });
  });

  it('are let go of where their webhook is gone or nothing came for it yet', async () => {
    const stage = openStage({ webhooks: ['shop'] });
    const dropping = Promise.all([
      stage.dispatcher.drop('shop', [], 'erased'),
      stage.dispatcher.drop('nobody', ['dlv_00000000001'], 'erased'),
    ]);
    await stage.settle();
    await dropping;
  });
});
