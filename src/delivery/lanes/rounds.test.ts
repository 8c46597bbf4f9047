import { expect, it } from 'vitest';
import { turns } from '../../testing/turns.ts';
import { createRounds } from './rounds.ts';

it('settles when what was under way has ended, whatever began meanwhile', async () => {
  const rounds = createRounds();
  const first = rounds.current;
  first.underWay += 2;
  const ended: string[] = [];
  void rounds.settled().then(() => ended.push('first'));
  const second = rounds.current;
  second.underWay++;
  void rounds.settled().then(() => ended.push('second'));
  rounds.ended(second, 1);
  rounds.ended(first, 1);
  await turns(5);
  expect(ended).toEqual([]);
  rounds.ended(first, 1);
  await turns(5);
  expect(ended).toEqual(['first', 'second']);
  await rounds.settled();
});
