import { expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createIndexTroubles } from './index-troubles.ts';

it('tells of trouble with the index at once, then each minute, and of its end once', () => {
  const clock = createManualClock();
  const said: string[] = [];
  const log = {
    error: (details: object, message: string) => void said.push(`${JSON.stringify(details)} ${message}`),
    warn: (_details: object, message: string) => void said.push(message),
  };
  const troubles = createIndexTroubles(log, clock);
  const tell = troubles.heard;
  tell(null);
  expect(said).toEqual([]);
  for (let i = 0; i < 13; i++) {
    tell('disk full');
    clock.advance(5_000);
  }
  expect(said).toHaveLength(2);
  expect(troubles.problem).toBe('disk full');
  expect(said[0]).toMatch(/^\{"problem":"disk full"\} The search index cannot be kept in order/);
  tell(null);
  tell(null);
  expect(troubles.problem).toBeNull();
  expect(said.slice(2)).toEqual(['The search index is kept in order again.']);
  tell('disk full');
  expect(said).toHaveLength(4);
});
