import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cost, createIntakeRoom } from './room.ts';

const all: Cost = { deliveries: 6_400, characters: 64_000 };
const ofOne = { deliveries: 1_600, characters: 16_000 };

/** What a call of an account costs. */
function call(accountId: string, deliveries: number, characters = deliveries): [string, Cost] {
  return [accountId, { deliveries, characters }];
}

describe('the room of the intake', () => {
  it.each(['deliveries', 'characters'] as const)(
    'is full for an account with a quarter of all %s',
    (what) => {
      const room = createIntakeRoom(all);
      const cost = { deliveries: 1, characters: 1, [what]: ofOne[what] };
      const leave = room.enter('heavy', cost);
      expect(room.enter(...call('heavy', 1))).toEqual({ of: 'account', what, most: ofOne[what] });
      expect(room.enter(...call('other', 1))).toBeTypeOf('function');
      if (typeof leave === 'function') leave();
      expect(room.enter(...call('heavy', 1))).toBeTypeOf('function');
    },
  );

  it('says that it is full before a call is read, as it does of the least call after it', () => {
    const room = createIntakeRoom(all);
    expect(room.full('heavy')).toBeNull();
    const leave = room.enter(...call('heavy', ofOne.deliveries));
    expect(room.full('heavy')).toEqual(room.enter(...call('heavy', 1)));
    expect(room.full('other')).toBeNull();
    if (typeof leave === 'function') leave();
    expect(room.full('heavy')).toBeNull();
  });

  it('takes a call of any size while there is room, which then counts as no more than the room of its account', () => {
    const room = createIntakeRoom(all);
    expect(room.enter(...call('one', 1_000_000))).toBeTypeOf('function');
    expect(room.enter(...call('two', 1_000_000))).toBeTypeOf('function');
    expect(room.enter(...call('three', 1_000))).toBeTypeOf('function');
  });

  it('keeps its last quarter for accounts that have next to nothing waiting', () => {
    const room = createIntakeRoom(all);
    for (const accountId of ['one', 'two', 'three']) room.enter(...call(accountId, 1_600));
    expect(room.enter(...call('four', 1_600))).toEqual({ of: 'gateway', what: 'deliveries', most: 6_400 });
    expect(room.enter(...call('four', 101))).toMatchObject({ of: 'gateway' });
    for (let i = 0; i < 16; i++) expect(room.enter(...call(`light ${i}`, 100))).toBeTypeOf('function');
    expect(room.enter(...call('light', 1))).toEqual({ of: 'gateway', what: 'deliveries', most: 6_400 });
  });

  it('is empty again when all that entered has left, in whatever order, and never holds more than all and one call', () => {
    const step = fc.record({
      account: fc.integer({ min: 0, max: 5 }),
      deliveries: fc.integer({ min: 1, max: 2_000 }),
      leaves: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const room = createIntakeRoom(all);
        const inside: {
          readonly leave: () => void;
          readonly account: number;
          readonly deliveries: number;
        }[] = [];
        for (const { account, deliveries, leaves } of steps) {
          const entered = room.enter(...call(`${account}`, deliveries, 1));
          if (typeof entered === 'function') inside.push({ leave: entered, account, deliveries });
          else inside.splice(leaves % inside.length, 1)[0]?.leave();
          const waiting = (of: number) =>
            inside.reduce((sum, each) => sum + (each.account === of ? each.deliveries : 0), 0);
          const counted = [0, 1, 2, 3, 4, 5].map((of) => Math.min(waiting(of), ofOne.deliveries));
          expect(counted.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(all.deliveries + 2_000);
        }
        for (const { leave } of inside) leave();
        for (let account = 0; account < 3; account++) {
          expect(room.enter(...call(`${account}`, 1_600, 16_000))).toBeTypeOf('function');
        }
      }),
    );
  });
});
