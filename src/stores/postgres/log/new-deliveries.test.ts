import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queuedDelivery } from '../../../testing/attempts.ts';
import { createNewDeliveries, type NewDelivery } from './new-deliveries.ts';

/** Webhooks of two accounts: the commits of one know nothing of those of the other. */
const accountOf: Readonly<Record<string, string>> = { wh_1: 'a', wh_2: 'a', wh_3: 'b' };
const webhooks = Object.keys(accountOf);
/** Numbers of another process are odd. */
const isOwn = (number: number): boolean => number % 2 === 0;

type Step =
  | { readonly do: 'begin'; readonly of: readonly string[] }
  | { readonly do: 'commit' | 'answer'; readonly account: string }
  | { readonly do: 'hand over' | 'look' | 'bring' | 'answer load' }
  | { readonly do: 'load'; readonly webhook: string; readonly limit: number; readonly from?: number }
  | { readonly do: 'other process'; readonly webhook: string };

const webhook = fc.constantFrom(...webhooks);
const account = fc.constantFrom('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('begin' as const), of: fc.array(webhook, { minLength: 1, maxLength: 4 }) }),
  fc.record({ do: fc.constantFrom('commit' as const, 'answer' as const), account }),
  fc.record({
    do: fc.constantFrom('hand over' as const, 'look' as const, 'bring' as const, 'answer load' as const),
  }),
  fc.record({ do: fc.constant('load' as const), webhook, limit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('other process' as const), webhook }),
);

/** A lane has no room any more. */
const spill = fc.record({ do: fc.constant('spill' as const), webhook });

function newDelivery(webhookId: string, number: number): NewDelivery {
  return { number, delivery: queuedDelivery({ id: String(number), webhookId }) };
}

/** A database, a thread that commits to it, and a courier with one load at a time, in whatever order things happen. */
function createPlay() {
  const courier = createNewDeliveries(isOwn);
  let last = 1_000;
  const visible: NewDelivery[] = [];
  /** One commit of each account at most. */
  const commits = new Map<string, { readonly rows: readonly NewDelivery[]; isVisible: boolean }>();
  const onTheirWay: (readonly NewDelivery[])[] = [];
  let load: {
    readonly webhook: string;
    readonly limit: number;
    readonly from: number;
    answer: readonly NewDelivery[] | null;
    isBrought: boolean;
  } | null = null;
  /** All that a lane heard, in order: what it was told, and answers of its loads. */
  const heard: (
    | { readonly told: string }
    | { readonly loaded: readonly string[]; readonly webhook: string }
  )[] = [];
  /** Where the lane's loads go on. */
  const places = new Map<string, number>();

  const tell = ({ deliveries }: { readonly deliveries: readonly { readonly id: string }[] }): void => {
    for (const { id } of deliveries) heard.push({ told: id });
  };

  function play(each: Step): void {
    switch (each.do) {
      case 'begin': {
        const [first = ''] = each.of;
        const owner = accountOf[first] ?? '';
        if (commits.has(owner)) return;
        const own = each.of.filter((id) => accountOf[id] === owner);
        const from = last + 2;
        const rows = own.map((id, i) => newDelivery(id, from + 2 * i));
        last += 2 * own.length;
        commits.set(owner, { rows, isVisible: false });
        return;
      }
      case 'commit': {
        const commit = commits.get(each.account);
        if (!commit || commit.isVisible) return;
        commit.isVisible = true;
        visible.push(...commit.rows);
        return;
      }
      case 'answer': {
        const commit = commits.get(each.account);
        if (!commit?.isVisible) return;
        commits.delete(each.account);
        onTheirWay.push(commit.rows);
        return;
      }
      case 'hand over': {
        const rows = onTheirWay.shift();
        if (rows) tell(courier.handedOver(rows, new Map()));
        return;
      }
      case 'load':
        load ??= {
          ...each,
          from: each.from ?? places.get(each.webhook) ?? 0,
          answer: null,
          isBrought: false,
        };
        return;
      case 'look': {
        if (!load || load.answer) return;
        const { webhook: id, from, limit } = load;
        courier.loadLooks(id);
        load.answer = visible
          .filter(({ number, delivery }) => delivery.webhookId === id && number > from)
          .toSorted((a, b) => a.number - b.number)
          .slice(0, limit);
        return;
      }
      case 'bring': {
        if (!load?.answer || load.isBrought) return;
        load.isBrought = true;
        const { webhook: id, answer } = load;
        tell(courier.loadBrought(answer));
        heard.push({ webhook: id, loaded: answer.map(({ delivery }) => delivery.id) });
        const place = answer.at(-1)?.number;
        if (place !== undefined) places.set(id, place);
        return;
      }
      case 'answer load':
        if (!load?.isBrought) return;
        load = null;
        tell(courier.loadAnswered());
        return;
      case 'other process':
        visible.push(newDelivery(each.webhook, last + 1));
        last += 2;
    }
  }

  function end(): void {
    for (const name of ['a', 'b']) {
      play({ do: 'commit', account: name });
      play({ do: 'answer', account: name });
    }
    while (onTheirWay.length > 0) play({ do: 'hand over' });
    for (const next of ['look', 'bring', 'answer load'] as const) play({ do: next });
  }

  return { play, end, heard, visible, isLoading: () => load !== null };
}

describe('new deliveries that are handed over and loaded', () => {
  it('are told of once each, before the load that brings them or behind it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { play, end, heard, visible } = createPlay();
        for (const each of steps) play(each);
        end();
        const told = heard.flatMap((each) => ('told' in each ? [each.told] : []));
        const own = visible.filter(({ number }) => isOwn(number)).map(({ delivery }) => delivery.id);
        expect(told.toSorted()).toEqual(own.toSorted());
        for (const [i, each] of heard.entries()) {
          if (!('loaded' in each)) continue;
          const toldBefore = new Set(heard.slice(0, i).flatMap((one) => ('told' in one ? [one.told] : [])));
          const ownLoaded = each.loaded.filter((id) => isOwn(Number(id)));
          expect(ownLoaded.filter((id) => !toldBefore.has(id))).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('are told of in the order of acceptance of their webhook', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { play, end, heard, visible } = createPlay();
        for (const each of steps) play(each);
        end();
        const webhookOf = new Map(visible.map(({ delivery }) => [delivery.id, delivery.webhookId]));
        for (const id of webhooks) {
          const told = heard.flatMap((each) =>
            'told' in each && webhookOf.get(each.told) === id ? [each.told] : [],
          );
          expect(told).toEqual(told.toSorted((a, b) => Number(a) - Number(b)));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('reach a lane once each that ignores what it is told until it has loaded everything', () => {
    const noneOfOthers = step.filter((each) => each.do !== 'other process');
    fc.assert(
      fc.property(fc.array(fc.oneof(noneOfOthers, spill), { maxLength: 150 }), (steps) => {
        const { play, end, heard, visible, isLoading } = createPlay();
        const lanes = new Map(webhooks.map((id) => [id, { spilled: false, seen: [] as string[] }]));
        const webhookOf = (id: string): string =>
          visible.find(({ delivery }) => delivery.id === id)?.delivery.webhookId ?? '';
        let until = 0;
        let asked: { webhook: string; limit: number } | null = null;
        /** What the lanes make of what they have heard since. */
        const hear = (): void => {
          for (; until < heard.length; until++) {
            const each = heard[until];
            if (!each) continue;
            if ('told' in each) {
              const lane = lanes.get(webhookOf(each.told));
              if (lane && !lane.spilled) lane.seen.push(each.told);
            } else {
              const lane = lanes.get(each.webhook);
              lane?.seen.push(...each.loaded);
              if (lane) lane.spilled = each.loaded.length === asked?.limit;
              asked = null;
            }
          }
        };
        const load = (webhookId: string, limit: number): void => {
          const lane = lanes.get(webhookId);
          if (asked || !lane?.spilled || isLoading()) return;
          asked = { webhook: webhookId, limit };
          play({ do: 'load', webhook: webhookId, limit, from: Number(lane.seen.at(-1) ?? 0) });
        };
        for (const each of steps) {
          const lane = each.do === 'spill' ? lanes.get(each.webhook) : undefined;
          if (lane) lane.spilled = true;
          else if (each.do === 'load') load(each.webhook, each.limit);
          else if (each.do !== 'spill') play(each);
          hear();
        }
        end();
        hear();
        for (const [id, lane] of lanes) {
          load(id, 1_000);
          end();
          hear();
          const own = visible
            .filter(({ delivery }) => delivery.webhookId === id)
            .map(({ delivery }) => delivery.id);
          expect(lane.seen).toEqual(own);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('are counted once where a webhook is left, also those that a load has brought before', () => {
    const courier = createNewDeliveries(isOwn);
    courier.loadLooks('wh_1');
    expect(courier.loadBrought([newDelivery('wh_1', 2)]).deliveries).toHaveLength(1);
    expect(courier.handedOver([], new Map([['wh_1', [2, 4, 6]]]))).toEqual({ deliveries: [], left: 2 });
    expect(courier.handedOver([newDelivery('wh_1', 6)], new Map())).toEqual({ deliveries: [], left: 0 });
  });
});
