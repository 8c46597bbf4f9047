import { describe, expect, it } from 'vitest';
import { openStage } from './testing/stage.ts';

const idsOf = (deliveries: readonly { readonly id: string }[]): string[] => deliveries.map(({ id }) => id);

describe('the dispatcher', () => {
  it('sends what was accepted and records what came of it', async () => {
    const stage = openStage();
    stage.webhook('shop', {}, { version: 7 });
    const [delivery] = await stage.accept('shop', 1);
    expect(stage.sentTo('shop')).toEqual([delivery?.id]);
    stage.clock.advance(40);
    await stage.answer('shop', 200);
    expect(stage.attempts).toMatchObject([
      {
        deliveryId: delivery?.id,
        webhookId: 'shop',
        webhookVersion: 7,
        number: 1,
        durationMs: 40,
        statusCode: 200,
        errorClass: null,
        after: { state: 'delivered' },
      },
    ]);
    expect(stage.dispatcher.status()).toMatchObject({ inFlight: 0, lanes: 1, inMemory: 0 });
  });

  it('does not let one lane hold another', async () => {
    const stage = openStage();
    stage.webhook('stuck');
    stage.webhook('quick');
    await stage.accept('stuck', 200);
    await stage.accept('quick', 20);
    for (let round = 0; round < 20; round++) await stage.answer('quick', 200);
    expect(stage.attempts.filter(({ webhookId }) => webhookId === 'quick')).toHaveLength(20);
    expect(stage.underWay('stuck')).toHaveLength(8);
  });

  it('has no more under way at once than the process may have, until they are on disk', async () => {
    const stage = openStage({ maxInFlight: 3 });
    stage.webhook('a');
    stage.webhook('b');
    await stage.accept('a', 10);
    await stage.accept('b', 10);
    // Half are for those who have not proved themselves yet.
    expect(stage.sender.underWay.size).toBe(2);
    stage.log.refuses = true;
    await stage.answer('a', 200);
    expect([stage.sender.sent.length, stage.dispatcher.status().inFlight]).toEqual([2, 2]);
  });

  it('gives lanes turns where the process may have little', async () => {
    const stage = openStage({ maxInFlight: 1 });
    for (const name of ['a', 'b', 'c']) stage.webhook(name);
    await stage.accept('a', 4);
    await stage.accept('b', 4);
    await stage.accept('c', 4);
    while (stage.sender.underWay.size > 0) for (const name of ['a', 'b', 'c']) await stage.answer(name, 200);
    expect(stage.sender.sent.map(({ origin }) => origin.at(-1)).join('')).toBe('aabcabcabcbc');
  });

  it('takes up what waits in the store at the start, never-tried ones in their order', async () => {
    const stage = openStage();
    stage.webhook('shop');
    stage.sender.always = 200;
    // As before the start: nobody hears of them.
    stage.log.onAccepted(() => {});
    const all = await stage.accept('shop', 30);
    const started = stage.dispatcher.start();
    await stage.settle();
    await started;
    expect(stage.sentTo('shop')).toEqual(idsOf(all));
  });

  it('sends nothing for a disabled webhook, and everything once it is enabled', async () => {
    const stage = openStage();
    stage.webhook('shop', {}, { status: 'disabled' });
    const all = await stage.accept('shop', 3);
    expect(stage.sentTo('shop')).toEqual([]);
    stage.webhook('shop', {}, { status: 'enabled' });
    expect(stage.sentTo('shop')).toEqual(idsOf(all));
  });

  it('sends by the configuration as it is now', async () => {
    const stage = openStage();
    stage.webhook('shop', { maxConcurrency: 1 });
    await stage.accept('shop', 2);
    stage.webhook('shop', {}, { url: 'https://elsewhere/dlr', version: 2 });
    await stage.answer('shop', 200);
    await stage.answer('elsewhere', 200);
    expect(stage.sender.sent.map(({ origin }) => origin)).toEqual(['https://shop', 'https://elsewhere']);
    expect(stage.attempts.map(({ webhookVersion }) => webhookVersion)).toEqual([1, 2]);
    expect([...stage.sender.openChannels]).toEqual(['https://elsewhere']);
  });
});

describe('a webhook that is deleted', () => {
  it('gets nothing more, and what waits for it ends as skipped', async () => {
    const stage = openStage();
    stage.webhook('shop', { maxConcurrency: 2 });
    const all = await stage.accept('shop', 10);
    stage.registry.remove('shop');
    await stage.settle();
    await stage.answer('shop', 200);
    expect(stage.sentTo('shop')).toHaveLength(2);
    const skipped = { state: 'skipped', reason: 'webhook_deleted' };
    expect(all.map(({ id }) => stage.log.stateOf(id))).toEqual([
      ...Array(2).fill({ state: 'delivered' }),
      ...Array(8).fill(skipped),
    ]);
    expect(stage.dispatcher.status()).toMatchObject({ inFlight: 0, lanes: 0, inMemory: 0 });
    expect(stage.sender.openChannels.size).toBe(0);
  });

  it('gets no retry of what was under way', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const [delivery] = await stage.accept('shop', 1);
    stage.registry.remove('shop');
    await stage.settle();
    await stage.answer('shop', 500);
    expect(stage.log.stateOf(delivery?.id ?? '')).toEqual({ state: 'skipped', reason: 'webhook_deleted' });
    await stage.pass(3_600_000);
    expect(stage.sentTo('shop')).toHaveLength(1);
  });

  it('gets no retry of what was answered and not yet on disk', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const [delivery] = await stage.accept('shop', 1);
    stage.underWay('shop')[0]?.answer(500);
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    stage.registry.remove('shop');
    await stage.settle();
    expect(stage.log.stateOf(delivery?.id ?? '')).toEqual({ state: 'skipped', reason: 'webhook_deleted' });
  });

  it('is found at the start by what still waits for it', async () => {
    const stage = openStage();
    const [delivery] = await stage.accept('gone', 1);
    const started = stage.dispatcher.start();
    await stage.settle();
    await started;
    expect(stage.log.stateOf(delivery?.id ?? '')).toEqual({ state: 'skipped', reason: 'webhook_deleted' });
  });
});
