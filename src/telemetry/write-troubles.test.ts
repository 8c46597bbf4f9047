import { expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createWriteTroubles } from './write-troubles.ts';

it('a store that cannot write is told of at once, then every minute, and when it can again', () => {
  const clock = createManualClock();
  const lines: string[] = [];
  const line = (level: string) => (details: object) => void lines.push(`${level} ${JSON.stringify(details)}`);
  const heard = createWriteTroubles({ error: line('error'), warn: line('warn') }, clock);
  for (let failures = 1; failures <= 120; failures++) {
    heard({ problem: 'full', failures });
    clock.advance(1_000);
  }
  heard({ problem: null, failures: 120 });
  heard({ problem: 'full', failures: 121 });
  expect(lines).toEqual([
    'error {"problem":"full","failedCommits":1}',
    'error {"problem":"full","failedCommits":61}',
    'warn {"failedCommits":120}',
    'error {"problem":"full","failedCommits":1}',
  ]);
});
