import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMessagesHub, type MessagesHub } from '../cluster/testing/messages-hub.ts';
import { createWebhookRegistry } from '../routing/registry.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { turns } from '../testing/turns.ts';
import { createWaitingCounts, type WaitingCounts } from './waiting-counts.ts';

describe('what waits, counted by several processes', () => {
  let clock: ManualClock;
  let hub: MessagesHub;
  let waiting: number;
  let counts: WaitingCounts[];
  let areThere: boolean;
  let asked: number;

  function open(id: string): WaitingCounts {
    return createWaitingCounts({
      clock,
      registry: createWebhookRegistry(),
      log: { warn: () => {} },
      async count() {
        asked++;
        return new Map(waiting > 0 ? [['a', waiting]] : []);
      },
      others: { messages: hub.connect(id), areThere: () => areThere },
    });
  }

  beforeEach(async () => {
    clock = createManualClock();
    hub = createMessagesHub();
    [waiting, areThere, asked] = [0, true, 0];
    counts = ['x', 'y', 'z'].map(open);
    await turns(4);
    await pass(3_000);
  });

  /** A process accepts, or delivers. */
  function move(process: number, deliveries: number): void {
    waiting += deliveries;
    counts[process]?.add('a', deliveries);
  }

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(Math.min(500, ms - passed));
      await turns(4);
    }
  }

  const seen = () => counts.map((each) => each.of('a'));

  it('is known everywhere a second after it moved, whoever accepts and whoever delivers', async () => {
    move(0, 100);
    expect(seen()).toEqual([100, 0, 0]);
    await pass(1_500);
    expect(seen()).toEqual([100, 100, 100]);
    for (let i = 0; i < 10; i++) {
      move(1, -10);
      await pass(500);
    }
    await pass(1_500);
    expect(seen()).toEqual([0, 0, 0]);
  });

  it('is said once a second however much moves, and not where nobody else is', async () => {
    const before = hub.said.length;
    for (let i = 0; i < 1_000; i++) move(0, 1);
    await pass(1_500);
    expect(hub.said.length - before).toBe(1);
    areThere = false;
    move(0, 1);
    await pass(1_500);
    expect(hub.said.length - before).toBe(1);
    // Who comes now counts in the store, and is told of what moves from then on.
    areThere = true;
    counts.push(open('new'));
    await turns(4);
    await pass(3_000);
    move(0, -500);
    await pass(1_500);
    expect(counts[3]?.of('a')).toBe(501);
  });

  it('is not added again when a count has brought it already', async () => {
    // Just before each process counts, another one moves.
    await pass(56_500);
    move(0, 70);
    await pass(10_000);
    expect(seen()).toEqual([70, 70, 70]);
    await pass(120_000);
    expect(seen()).toEqual([70, 70, 70]);
  });

  it('is right again after the next count where a word of it was lost', async () => {
    hub.cut('y');
    move(0, 40);
    await pass(3_000);
    expect(seen()).toEqual([40, 0, 40]);
    hub.mend('y');
    await pass(5_000);
    expect(seen()).toEqual([40, 40, 40]);
  });

  it('is right with the next word where one was lost, as long as that comes first', async () => {
    move(0, 10);
    await pass(1_500);
    hub.lose((_kind, _body, _from, to) => to === 'y');
    move(0, 30);
    await pass(2_000);
    hub.lose(() => false);
    move(0, 2);
    await pass(1_500);
    expect(seen()).toEqual([42, 42, 42]);
  });

  it('is counted anew everywhere when one process cannot follow', async () => {
    await pass(2_000);
    const before = asked;
    waiting = 9;
    counts[2]?.requeued('wh_1');
    await pass(6_000);
    expect(seen()).toEqual([9, 9, 9]);
    expect(asked).toBe(before + 3);
  });

  it('is off by no more than what moves in some seconds, and not at all two minutes later', async () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ process: fc.nat(2), deliveries: fc.integer({ min: -50, max: 50 }) }),
      },
      { weight: 3, arbitrary: fc.record({ ms: fc.integer({ min: 1, max: 20 }) }) },
      { weight: 1, arbitrary: fc.record({ cut: fc.constantFrom('x', 'y', 'z') }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        for (const each of steps) {
          if ('deliveries' in each) move(each.process, Math.max(each.deliveries, -waiting));
          else if ('ms' in each) await pass(each.ms * 500);
          else {
            hub.cut(each.cut);
            await pass(1_000);
            hub.mend(each.cut);
          }
        }
        await pass(125_000);
        expect(seen()).toEqual([waiting, waiting, waiting]);
      }),
      { numRuns: 25 },
    );
  });
});
