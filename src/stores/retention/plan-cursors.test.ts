import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeepTimes } from '../../core/keeping.ts';
import { type CursorPlan, mergeCursors, nextStop, planCursors } from './plan-cursors.ts';

const clock = 'payload' as const;
const keepsOf = (ofAll: number | null, own: Record<string, number | null> = {}) => {
  const times = (payloadMs: number | null): KeepTimes => ({ payloadMs, logMs: null });
  return {
    ofAll: times(ofAll),
    own: new Map(Object.entries(own).map(([account, payloadMs]) => [account, times(payloadMs)])),
  };
};
const fresh: CursorPlan = { cursors: [{ id: 1, clock, keepMs: null, upto: 0 }], members: new Map() };

/** A step: the clocks change, or a cursor goes on. */
type Step =
  | { readonly ofAll: number | null; readonly own: Record<string, number | null> }
  | { readonly turn: number };

describe('the cursors of a clock', () => {
  it('is one while all accounts have the same, whoever says so himself', () => {
    const { cursors, members } = planCursors(clock, fresh, keepsOf(30, { a: 30 }), 10);
    expect(cursors).toEqual([{ id: 1, clock, keepMs: 30, upto: 0 }]);
    expect(members.size).toBe(0);
  });

  it('is one more for each clock that some have', () => {
    const plan = planCursors(clock, fresh, keepsOf(30, { a: 7, b: 7, c: null }), 10);
    expect(plan.cursors.map(({ keepMs }) => keepMs)).toEqual([30, 7, null]);
    expect([...plan.members]).toEqual([
      ['a', 10],
      ['b', 10],
      ['c', 11],
    ]);
  });

  it('lets who is behind catch up, and is one with the others then', () => {
    let plan = planCursors(clock, fresh, keepsOf(30, { a: 7 }), 10);
    plan = {
      ...plan,
      cursors: plan.cursors.map((each) => ({ ...each, upto: each.keepMs === 7 ? 900 : 200 })),
    };
    plan = planCursors(clock, plan, keepsOf(30, { a: 7, b: 7 }), 20);
    const late = plan.cursors.find(({ id }) => id === 20);
    expect(late).toEqual({ id: 20, clock, keepMs: 7, upto: 200 });
    expect(late && nextStop(late, plan.cursors)).toBe(900);
    const caughtUp = plan.cursors.map((each) => (each.id === 20 ? { ...each, upto: 900 } : each));
    plan = mergeCursors(clock, { ...plan, cursors: caughtUp });
    expect(plan.cursors.map(({ id }) => id)).toEqual([1, 10]);
    expect(plan.members.get('b')).toBe(10);
  });

  it('passes no event of any account that is old enough, whatever is changed when', () => {
    const accounts = ['a', 'b', 'c'];
    const account = fc.constantFrom(...accounts);
    const keepMs = fc.constantFrom(10, 20, 40, null);
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ ofAll: keepMs, own: fc.dictionary(account, keepMs) }),
      fc.record({ turn: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let plan = fresh;
        let keeps = keepsOf(null);
        let ids = 100;
        const ended = new Set<string>();
        const follow = (): void => {
          plan = planCursors(clock, plan, keeps, ids);
          ids += 10;
        };
        // Event n is of time n and of every account; now it is step × 5.
        const goOn = (turn: number, now: number): boolean => {
          const cursor = plan.cursors[turn % plan.cursors.length];
          if (!cursor || cursor.keepMs === null) return false;
          const target = Math.min(now - cursor.keepMs, nextStop(cursor, plan.cursors), cursor.upto + 7);
          if (target <= cursor.upto) return false;
          for (const name of [...accounts, 'd']) {
            if ((plan.members.get(name) ?? 1) !== cursor.id) continue;
            for (let event = cursor.upto + 1; event <= target; event++) ended.add(`${name} ${event}`);
          }
          const cursors = plan.cursors.map((each) => (each === cursor ? { ...each, upto: target } : each));
          plan = mergeCursors(clock, { ...plan, cursors });
          return true;
        };
        for (const [i, each] of steps.entries()) {
          if ('turn' in each) goOn(each.turn, i * 5);
          else {
            keeps = keepsOf(each.ofAll, each.own);
            follow();
          }
        }
        const now = steps.length * 5;
        for (let more = true; more; ) more = plan.cursors.some((_, turn) => goOn(turn, now));
        for (const name of [...accounts, 'd']) {
          const times = keeps.own.get(name) ?? keeps.ofAll;
          for (let event = 1; event <= now - (times.payloadMs ?? Number.POSITIVE_INFINITY); event++) {
            if (!ended.has(`${name} ${event}`)) throw new Error(`${name} ${event} was passed over`);
          }
        }
        // Who had a shorter clock is further than the others with his new one, until time has passed.
        for (let more = true; more; ) more = plan.cursors.some((_, turn) => goOn(turn, now + 40));
        const ending = plan.cursors.filter(({ id, keepMs: kept }) => kept !== null && id !== 1);
        expect(new Set(ending.map((each) => each.keepMs)).size).toBe(ending.length);
        expect(plan.cursors.length).toBeLessThanOrEqual(1 + accounts.length);
      }),
    );
  });
});
