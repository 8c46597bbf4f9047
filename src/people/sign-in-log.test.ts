import { expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createSignInLog } from './sign-in-log.ts';

function stage() {
  const clock = createManualClock();
  const lines: [object, string][] = [];
  const log = { warn: (details: object, message: string) => void lines.push([details, message]) };
  return { clock, lines, say: createSignInLog({ clock, log }) };
}

it('tells the same once a minute, and then how often it was not told', () => {
  const { clock, lines, say } = stage();
  for (let n = 0; n < 50; n++) say('State not found');
  say('Code not found');
  expect(lines).toEqual([
    [{}, 'Sign-in: State not found'],
    [{}, 'Sign-in: Code not found'],
  ]);
  clock.advance(60_000);
  say('State not found');
  expect(lines.at(-1)).toEqual([{ notTold: 49 }, 'Sign-in: State not found']);
});

it('tells a hundred different things a minute at most', () => {
  const { clock, lines, say } = stage();
  for (let n = 0; n < 500; n++) say(`wrong ${n}`);
  expect(lines).toHaveLength(100);
  clock.advance(60_000);
  say('x'.repeat(10_000));
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)?.[1].length).toBeLessThan(300);
});
