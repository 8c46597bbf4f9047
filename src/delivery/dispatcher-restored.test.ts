import { describe, expect, it } from 'vitest';
import { openStage } from './testing/stage.ts';

/** A webhook that was deleted while its first request was under way. */
async function openDeleted() {
  const stage = openStage();
  stage.webhook('shop');
  const delivery = await stage.acceptOne('shop');
  stage.registry.remove('shop');
  await stage.settle();
  const gone = { yet: false };
  void stage.dispatcher.gone('shop').then(() => {
    gone.yet = true;
  });
  await stage.settle();
  return { stage, delivery, gone, stateOf: () => stage.log.stateOf(delivery.id)?.state };
}

describe('a webhook that is restored', () => {
  it('gets the retries of a request that was under way when it was deleted', async () => {
    const { stage, delivery, gone, stateOf } = await openDeleted();
    stage.webhook('shop');
    await stage.settle();
    expect(gone.yet).toBe(false);
    await stage.answer('shop', 500);
    expect([gone.yet, stateOf()]).toEqual([true, 'retrying']);
    await stage.pass(5_000);
    expect(stage.sentTo('shop')).toEqual([delivery.id, delivery.id]);
  });

  it('gets no retry of it while it is deleted', async () => {
    const { stage, gone, stateOf } = await openDeleted();
    await stage.answer('shop', 500);
    expect([gone.yet, stateOf()]).toEqual([true, 'skipped']);
    stage.webhook('shop');
    await stage.pass(60_000);
    expect(stage.sentTo('shop')).toHaveLength(1);
  });

  it('has nothing under way where nothing was', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    await stage.answer('shop', 200);
    stage.registry.remove('shop');
    await stage.dispatcher.gone('shop');
    await stage.dispatcher.gone('never');
  });

  it('loses nothing to a skipping that failed when it was deleted and is tried again', async () => {
    const stage = openStage();
    stage.webhook('shop', {}, { status: 'disabled' });
    const delivery = await stage.acceptOne('shop');
    stage.log.failing.add('skipWaiting');
    stage.registry.remove('shop');
    await stage.settle();
    stage.log.failing.clear();
    stage.webhook('shop', {}, { status: 'disabled' });
    await stage.pass(1_000);
    expect(stage.log.stateOf(delivery.id)?.state).not.toBe('skipped');
    expect(stage.skipped).toEqual([]);
  });

  it('keeps nobody waiting when the gateway stops', async () => {
    const { stage, gone } = await openDeleted();
    const stopped = stage.dispatcher.stop(1_000);
    await stage.pass(1_000);
    await stopped;
    await stage.settle();
    expect(gone.yet).toBe(true);
  });
});
