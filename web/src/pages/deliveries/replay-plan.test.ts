import { describe, expect, it } from 'vitest';
import { countWords, needsTime, replayFilters, replayStateOf } from './replay-plan.ts';

const since = '2026-11-21T10:00:00.000Z';

describe('a replay of what matches', () => {
  it('is about what failed unless the filters say another state that has ended', () => {
    expect(replayStateOf({})).toBe('failed');
    expect(replayStateOf({ state: 'skipped' })).toBe('skipped');
    expect(replayStateOf({ state: 'retrying' })).toBeNull();
  });

  it('has a beginning where nothing else says what is meant', () => {
    expect(needsTime({ webhookId: 'wh_1', statusCode: 503 })).toBe(true);
    expect(replayFilters({ webhookId: 'wh_1' }, 'failed', since)).toEqual({
      webhookId: 'wh_1',
      state: 'failed',
      from: since,
    });
    expect(replayFilters({ messageId: 'm1' }, 'failed', since)).toEqual({ messageId: 'm1', state: 'failed' });
    expect(replayFilters({ from: 'x' }, 'delivered', since)).toEqual({ from: 'x', state: 'delivered' });
  });

  it('names how many', () => {
    expect(countWords({ count: 1, more: false }, 'failed')).toBe('1 failed delivery');
    expect(countWords({ count: 1_204, more: false }, 'skipped')).toBe('1,204 skipped deliveries');
    expect(countWords({ count: 2_000, more: true }, 'failed')).toBe('more than 2,000 failed deliveries');
    expect(countWords({ count: 0, more: false }, 'failed')).toBe('no failed deliveries');
  });
});
