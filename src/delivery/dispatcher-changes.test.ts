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
