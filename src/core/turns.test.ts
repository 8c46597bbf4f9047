import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

/** Everything that waits, in the order in which it is given out. */
function takeAll(turns: ReturnType<typeof createTurns<string>>): string[] {
  const taken: string[] = [];
  for (let turn = turns.take(); turn; turn = turns.take()) taken.push(turn.item);
  return taken;
}

describe('turns', () => {
  it('give each asker one before any has its second', () => {
    const turns = createTurns<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) turns.add(item.charAt(0), item);
    expect(takeAll(turns)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('let one who comes wait for at most one of each other', () => {
    const turns = createTurns<string>();
    for (let i = 0; i < 1_000; i++) turns.add('many', `m${i}`);
    turns.take();
    turns.add('few', 'f');
    expect([turns.take()?.item, turns.take()?.item]).toEqual(['m1', 'f']);
  });

  it('go on with what was given back when its asker comes to turn again', () => {
    const turns = createTurns<string>();
    for (const item of ['a1', 'a2', 'b1']) turns.add(item.charAt(0), item);
    turns.take();
    turns.giveBack('a', 'a1');
    // `a` was in line again behind `b` when its first one was taken.
    expect(takeAll(turns)).toEqual(['b1', 'a1', 'a2']);
  });

  it('show whose turn it is without giving it', () => {
    const turns = createTurns<string>();
    expect(turns.peek()).toBeUndefined();
    for (const item of ['a1', 'a2', 'b1']) turns.add(item.charAt(0), item);
    expect([turns.peek(), turns.peek(), turns.take()?.item, turns.peek()]).toEqual(['a1', 'a1', 'a1', 'b1']);
  });

  it('lose nothing, and keep the order of each asker', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean())), (steps) => {
        const turns = createTurns<string>();
        const added: string[] = [];
        const taken: string[] = [];
        for (const [asker, take] of steps) {
          const item = `${asker}${added.length}`;
          added.push(item);
          turns.add(asker, item);
          const turn = take ? turns.take() : null;
          if (turn) taken.push(turn.item);
        }
        taken.push(...takeAll(turns));
        for (const asker of ['a', 'b', 'c']) {
          const own = (items: string[]) => items.filter((item) => item.startsWith(asker));
          expect(own(taken)).toEqual(own(added));
        }
      }),
    );
  });
});
