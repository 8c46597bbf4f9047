import { describe, expect, it } from 'vitest';
import { testEvent } from '../testing/factories.ts';
import { smallWindow } from './lanes/memory.ts';
import { openStage } from './testing/stage.ts';

/** A webhook whose queue is longer than memory takes, with its first requests under way. */
async function openLong() {
  const stage = openStage({ mostInMemory: smallWindow });
  stage.webhook('shop', { maxConcurrency: 4 });
  const accepted = await stage.accept('shop', 3 * smallWindow);
  return { stage, ids: accepted.map(({ id }) => id) };
}

describe('a queue that is longer than memory takes', () => {
  it('is sent once and in order, with what came meanwhile and what comes when its end is reached', async () => {
    const { stage, ids } = await openLong();
    expect(stage.log.isLeft('shop')).toBe(true);
    for (let round = 0; stage.underWay('shop').length > 0; round++) {
      if (round % 10 === 1) ids.push(...(await stage.accept('shop', 3)).map(({ id }) => id));
      await stage.answer('shop', 200);
    }
    expect(stage.sentTo('shop')).toEqual(ids);
    expect(stage.log.isLeft('shop')).toBe(false);
    ids.push((await stage.acceptOne('shop')).id);
    expect(stage.sentTo('shop')).toEqual(ids);
  });

  it('is not told of, so that it costs others nothing', async () => {
    const { stage, ids } = await openLong();
    stage.webhook('other');
    const before = stage.log.asked.get('loadPending');
    const more = await stage.accept('shop', 200);
    const [other] = await stage.accept('other', 1);
    expect(stage.sentTo('other')).toEqual([other?.id]);
    expect(stage.dispatcher.status().inMemory).toBeLessThan(2 * smallWindow);
    expect(stage.log.asked.get('loadPending')).toBe(before);
    expect(stage.log.stateOf(more.at(-1)?.id ?? '')).toBeNull();
    expect(stage.log.stateOf(ids.at(-1) ?? '')).toBeNull();
  });

  it('ends when its webhook is deleted, with what comes of calls that were on their way', async () => {
    const { stage, ids } = await openLong();
    stage.registry.remove('shop');
    await stage.settle();
    const late = await stage.accept('shop', 2);
    await stage.answer('shop', 200);
    const states = [...ids, ...late.map(({ id }) => id)].map((id) => stage.log.stateOf(id)?.state);
    expect(states.slice(0, 4)).toEqual(Array(4).fill('delivered'));
    expect(new Set(states.slice(4))).toEqual(new Set(['skipped']));
  });

  it('goes on where its webhook is disabled for a while', async () => {
    const { stage, ids } = await openLong();
    stage.webhook('shop', { maxConcurrency: 4 }, { status: 'disabled', version: 2 });
    await stage.answer('shop', 200);
    ids.push(...(await stage.accept('shop', 10)).map(({ id }) => id));
    stage.webhook('shop', { maxConcurrency: 4 }, { version: 3 });
    await stage.settle();
    while (stage.underWay('shop').length > 0) await stage.answer('shop', 200);
    expect(stage.sentTo('shop')).toEqual(ids);
  });

  it('is told of what is new again when its last part was being loaded while more came', async () => {
    const { stage, ids } = await openLong();
    while (stage.underWay('shop').length > 0) await stage.answer('shop', 200);
    stage.webhook('shop', { maxConcurrency: 4 }, { status: 'disabled', version: 2 });
    const waiting = await stage.accept('shop', smallWindow + 1);
    stage.webhook('shop', { maxConcurrency: 4 }, { version: 3 });
    const meanwhile = stage.log.accept('shop', [testEvent({ id: 'meanwhile', messageId: 'meanwhile' })]);
    await stage.settle();
    while (stage.underWay('shop').length > 0) await stage.answer('shop', 200);
    const later = await stage.acceptOne('shop');
    expect(stage.sentTo('shop')).toEqual([...ids, ...waiting.map(({ id }) => id), ...meanwhile, later.id]);
  });
});
