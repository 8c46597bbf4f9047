import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTurns, type TurnTaker } from './turns.ts';

interface TestLane extends TurnTaker {
  readonly name: string;
}

const lane = (name: string): TestLane => ({ name, inFlight: 0 });

/** Lanes that always could send more: each is in line again after its turn. Gives who was served. */
function serve(turns: ReturnType<typeof createTurns<TestLane>>, most: number): string[] {
  const served: string[] = [];
  while (served.length < most) {
    const next = turns.next();
    if (!next) break;
    turns.took(next, 1);
    turns.add(next);
    served.push(next.name);
  }
  return served;
}

describe('turns', () => {
  it('go round', () => {
    const turns = createTurns<TestLane>(100);
    for (const name of ['a', 'b', 'c']) turns.add(lane(name));
    expect(serve(turns, 7).join('')).toBe('abcabca');
  });

  it('end when as much is in flight as may be, and go on when something has landed', () => {
    const turns = createTurns<TestLane>(2);
    const [a, b, c] = [lane('a'), lane('b'), lane('c')];
    for (const one of [a, b, c]) turns.add(one);
    expect([serve(turns, 5).join(''), turns.inFlight, turns.room]).toEqual(['ab', 2, 0]);
    turns.landed(a);
    expect(serve(turns, 5).join('')).toBe('c');
  });

  it('leave room for who comes later, however much the others could use', () => {
    const turns = createTurns<TestLane>(100);
    for (let i = 0; i < 4; i++) turns.add(lane('slow'));
    expect(serve(turns, 1_000)).toHaveLength(90);
    turns.add(lane('late'));
    expect(serve(turns, 1_000)).toEqual(['late']);
  });

  it('give a lane that was set aside its turn when it has less than its share again', () => {
    const turns = createTurns<TestLane>(100);
    const slow = Array.from({ length: 10 }, () => lane('slow'));
    const fast = lane('fast');
    for (const one of [...slow, fast]) turns.add(one);
    serve(turns, 1_000);
    // Its answers come at once, the others' do not.
    for (let i = 0; i < 50; i++) {
      const { inFlight } = fast;
      expect(inFlight).toBeGreaterThan(0);
      for (let n = 0; n < inFlight; n++) turns.landed(fast);
      expect(new Set(serve(turns, 1_000))).toEqual(new Set(['fast']));
    }
  });

  it('let one lane alone have nearly all', () => {
    const turns = createTurns<TestLane>(100);
    turns.add(lane('a'));
    expect(serve(turns, 1_000)).toHaveLength(90);
  });

  it('never let more be in flight than may be, forget nobody, and leave no room unused that anybody may have', () => {
    const step = fc.record({ lane: fc.nat({ max: 11 }), lands: fc.nat({ max: 6 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.array(step, { maxLength: 200 }), (most, steps) => {
        const turns = createTurns<TestLane>(most);
        const lanes = Array.from({ length: 12 }, (_, i) => lane(String(i)));
        for (const one of lanes) turns.add(one);
        serve(turns, 10_000);
        for (const { lane: place, lands } of steps) {
          const one = lanes[place % lanes.length];
          for (let i = 0; one && i < lands && one.inFlight > 0; i++) turns.landed(one);
          serve(turns, 10_000);
          const total = lanes.reduce((sum, { inFlight }) => sum + inFlight, 0);
          expect(turns.inFlight).toBe(total);
          expect(total).toBeLessThanOrEqual(most);
          expect(total).toBeGreaterThanOrEqual(Math.ceil(most * 0.75));
          // Who has nothing in flight is served unless nothing at all is left.
          if (total < most) expect(lanes.filter(({ inFlight }) => inFlight === 0)).toEqual([]);
        }
        for (const one of lanes) while (one.inFlight > 0) turns.landed(one);
        const served = new Set(serve(turns, 10_000));
        expect(served.size).toBe(Math.min(lanes.length, most));
      }),
    );
  });
});

describe('the share of a lane', () => {
  it('grows again when others have nothing in flight any more', () => {
    const turns = createTurns<TestLane>(100);
    const [busy, ...others] = ['a', 'b', 'c', 'd', 'e'].map(lane);
    if (!busy) throw new Error('no lane');
    for (const one of others) {
      turns.took(one, 1);
      turns.landed(one);
    }
    turns.took(busy, 80);
    turns.add(busy);
    // Alone it may have all but what is kept for those who have nothing.
    expect(turns.next()).toBe(busy);
  });

  it('follows the limit: fewer may be in flight, and more are let in at once', () => {
    const turns = createTurns<TestLane>(100);
    const [a, b] = [lane('a'), lane('b')];
    turns.limit(2);
    turns.add(a);
    turns.add(b);
    expect(serve(turns, 10)).toHaveLength(2);
    expect(turns.room).toBe(0);
    turns.limit(10);
    expect(serve(turns, 100).length).toBeGreaterThan(4);
  });
});
