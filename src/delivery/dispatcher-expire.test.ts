import { describe, expect, it } from 'vitest';
import { openStage } from './testing/stage.ts';

const expired = { state: 'failed', reason: 'expired' };

describe('deliveries whose contents are not kept any longer', () => {
  it('end as failed, in memory or in the store, and others of the webhook are sent', async () => {
    const stage = openStage({ mostInMemory: 4 });
    stage.webhook('shop', { maxConcurrency: 1 });
    const [first, ...waiting] = (await stage.accept('shop', 8)).map(({ id }) => id);
    const over = [waiting[0], waiting[2], waiting[6]] as string[];
    const ending = stage.dispatcher.expire('shop', over);
    await stage.settle();
    await ending;
    expect(over.map((id) => stage.log.stateOf(id))).toEqual(over.map(() => expired));
    expect(stage.concluded).toEqual(over.map((id) => `${id} expired`));
    for (let i = 0; i < 8; i++) await stage.answer('shop', 200);
    expect(stage.sentTo('shop')).toEqual([first, ...waiting.filter((id) => !over.includes(id))]);
    expect(stage.dispatcher.status()).toMatchObject({ inFlight: 0, inMemory: 0 });
  });

  it('are left while they are under way, and end when they wait again', async () => {
    const stage = openStage({ webhooks: ['shop'] });
    const { id } = await stage.acceptOne('shop');
    const during = stage.dispatcher.expire('shop', [id]);
    await stage.settle();
    await during;
    expect(stage.log.stateOf(id)).toBeNull();
    await stage.answer('shop', 500);
    expect(stage.log.stateOf(id)).toMatchObject({ state: 'retrying' });
    const after = stage.dispatcher.expire('shop', [id]);
    await stage.settle();
    await after;
    expect(stage.log.stateOf(id)).toEqual(expired);
    await stage.pass(24 * 3_600_000);
    expect(stage.sentTo('shop')).toEqual([id]);
  });

  it('that were delivered meanwhile stay delivered', async () => {
    const stage = openStage({ webhooks: ['shop'] });
    const { id } = await stage.acceptOne('shop');
    await stage.answer('shop', 200);
    const ending = stage.dispatcher.expire('shop', [id, id]);
    await stage.settle();
    await ending;
    expect(stage.log.stateOf(id)).toEqual({ state: 'delivered' });
    expect(stage.concluded).toEqual([]);
  });

  it('end once, however often it is asked for, also while a load brings them again', async () => {
    const stage = openStage({ mostInMemory: 2 });
    stage.webhook('shop', { maxConcurrency: 1 });
    const [first, ...waiting] = (await stage.accept('shop', 6)).map(({ id }) => id);
    const twice = Promise.all([
      stage.dispatcher.expire('shop', waiting),
      stage.dispatcher.expire('shop', waiting),
    ]);
    await stage.settle();
    await twice;
    await stage.answer('shop', 200);
    expect(stage.concluded.toSorted()).toEqual(waiting.map((id) => `${id} expired`).toSorted());
    expect(stage.sentTo('shop')).toEqual([first]);
  });

  it('of a webhook that is disabled or gone do so too, or were ended by that', async () => {
    const stage = openStage();
    stage.webhook('shop', {}, { status: 'disabled', disabledReason: 'by_user' });
    const { id } = await stage.acceptOne('shop');
    const ending = Promise.all([
      stage.dispatcher.expire('shop', [id]),
      stage.dispatcher.expire('nobody', [id]),
    ]);
    await stage.settle();
    await ending;
    expect(stage.log.stateOf(id)).toEqual(expired);
  });
});
