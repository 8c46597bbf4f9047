import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../core/delivery.ts';
import type { KeepTimes } from '../../core/keeping.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { accountDeletion, findAll } from './erasure/samples.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';
import { cutAll } from './retention.ts';
import { appendTold, delivered, newEvent, record, unique } from './samples.ts';

const hour = 3_600_000;
const day = 24 * hour;
const minute = 60_000;
const forEver: KeepTimes = { payloadMs: null, logMs: null };

type Contents = 'kept' | 'cut' | 'gone';

interface Kept {
  readonly accountId: string;
  readonly acceptedAt: number;
  readonly deliveries: readonly QueuedDelivery[];
  /** What may have become of it: by a time that was its account's when something was cut. */
  mayBe: Contents;
}

type Step =
  | { readonly do: 'accept'; readonly account: number; readonly webhooks: number; readonly waits: boolean }
  | { readonly do: 'keep'; readonly account: number | null; readonly days: readonly [number, number] }
  | { readonly do: 'wait'; readonly hours: number }
  | { readonly do: 'cut'; readonly pieces: number }
  | { readonly do: 'remove'; readonly account: number }
  | { readonly do: 'restart' };

/** What becomes of what is kept when the times that it is kept for are changed, back and forth and in the middle of cutting. */
export function changedKeepConformance(name: string, open: OpenPlace): void {
  async function accept(store: OpenStore, accountId: string, webhooks: number): Promise<QueuedDelivery[]> {
    const told: QueuedDelivery[] = [];
    const webhookIds = Array.from({ length: webhooks }, () => unique('wh'));
    const wanted = new Set(webhookIds);
    store.log.onAccepted((all) => told.push(...all.filter((each) => wanted.has(each.webhookId))));
    await appendTold(store.log, [newEvent(webhookIds, { accountId, message: { text: 'hi' } })]);
    return told;
  }

  function end(store: OpenStore, deliveries: readonly QueuedDelivery[]): Promise<unknown> {
    return Promise.all(deliveries.map((each) => record(store.log, each, delivered, { responseBody: 'OK' })));
  }

  /** Of the event and of what was answered to its last delivery. */
  async function contentsOf(store: OpenStore, { deliveries }: Pick<Kept, 'deliveries'>): Promise<Contents> {
    const [first, last] = [deliveries[0], deliveries.at(-1)];
    const event = await store.history.getEvent(first?.event.id ?? '', null);
    const answered = await store.history.getDelivery(last?.id ?? '');
    expect(answered === null).toBe(event === null);
    if (!event) return 'gone';
    const contents = event.event.cut?.contents ?? 'kept';
    const body = answered?.attemptLog[0]?.responseBody ?? null;
    if (contents === 'cut') expect(body).toBeNull();
    return contents === 'cut' ? 'cut' : 'kept';
  }

  describe(`${name}: an event for many webhooks, in the middle of which a piece ends,`, () => {
    it('is cut to its end, though no other comes behind it', async () => {
      const clock = createManualClock();
      const store = await open(unique('place'), clock);
      await store.retention.keep({ ofAll: { payloadMs: day, logMs: 3 * day }, own: new Map() });
      const deliveries = await accept(store, 'acc_1', 350);
      await end(store, deliveries);
      clock.advance(2 * day);
      expect(await cutAll(store, clock.now(), 0)).toMatchObject({ cut: 1 });
      expect(await contentsOf(store, { deliveries })).toBe('cut');
      clock.advance(2 * day);
      expect(await cutAll(store, clock.now(), 0)).toMatchObject({ dropped: 1 });
      expect(await contentsOf(store, { deliveries })).toBe('gone');
      await store.close();
    });

    it('is cut with what was answered meanwhile, where some of it was asked for again', async () => {
      const clock = createManualClock();
      const store = await open(unique('place'), clock);
      await store.retention.keep({ ofAll: { payloadMs: day, logMs: null }, own: new Map() });
      const deliveries = await accept(store, 'acc_1', 350);
      await end(store, deliveries);
      clock.advance(2 * day);
      expect(await store.retention.cut({ now: clock.now(), mostMs: 0 })).toMatchObject({ cut: 0 });
      const [first] = deliveries;
      if (!first) throw new Error('nothing told');
      const again = await store.log.requeueMany({
        ...{ webhookId: first.webhookId, deliveryIds: [first.id], states: ['delivered'] },
        ...{ ordered: false, now: clock.now() },
      });
      expect(again).toHaveLength(1);
      await record(store.log, { ...first, attempts: 1 }, delivered, { responseBody: 'OK again' });
      expect(await cutAll(store, clock.now(), 0)).toMatchObject({ cut: 1 });
      const { attemptLog = [] } = (await store.history.getDelivery(first.id)) ?? {};
      expect(attemptLog.map(({ responseBody }) => responseBody)).toEqual([null, null]);
      await store.close();
    });
  });

  describe(`${name}: times that are changed`, () => {
    it('end what waited while they were longer within a day, and not when the longer one had ended', async () => {
      const clock = createManualClock();
      const store = await open(unique('place'), clock);
      const keepFor = (payloadMs: number | null) =>
        store.retention.keep({ ofAll: { payloadMs, logMs: null }, own: new Map() });
      await keepFor(day);
      const deliveries = await accept(store, 'acc_1', 1);
      clock.advance(2 * day);
      expect((await cutAll(store, clock.now())).overdue).toHaveLength(1);
      await keepFor(1_000 * day);
      clock.advance(minute);
      await cutAll(store, clock.now());
      await end(store, deliveries);
      await keepFor(day);
      clock.advance(day);
      expect(await cutAll(store, clock.now())).toMatchObject({ cut: 1 });
      expect(await contentsOf(store, { deliveries })).toBe('cut');
      await store.close();
    });

    it('take nothing early and leave nothing for longer, whatever is changed when', async () => {
      const account = fc.nat(2);
      const days = fc.constantFrom<[number, number]>([1, 1], [1, 3], [2, 3], [3, 9], [3, 0], [0, 0]);
      const step: fc.Arbitrary<Step> = fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            ...{ do: fc.constant('accept' as const), account, waits: fc.boolean() },
            webhooks: fc.constantFrom(1, 2, 220),
          }),
        },
        fc.record({ do: fc.constant('keep' as const), account: fc.option(account), days }),
        { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.nat(60) }) },
        { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), pieces: fc.nat(4) }) },
        fc.record({ do: fc.constant('remove' as const), account }),
        fc.record({ do: fc.constant('restart' as const) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), (steps) => play(steps)),
        { numRuns: 12 },
      );
    });

    async function play(steps: readonly Step[]): Promise<void> {
      const clock = createManualClock();
      const place = unique('place');
      let store = await open(place, clock);
      let ofAll = forEver;
      const own = new Map<string, KeepTimes>();
      let all: Kept[] = [];
      let waiting: QueuedDelivery[] = [];
      const removed: Kept[] = [];
      const timesOf = (accountId: string): KeepTimes => own.get(accountId) ?? ofAll;
      const isOver = (at: number, keepMs: number | null): boolean =>
        keepMs !== null && at + keepMs <= clock.now();
      const keep = () => store.retention.keep({ ofAll, own: new Map(own) });

      function becomesOf({ accountId, acceptedAt }: Kept): Contents {
        const { payloadMs, logMs } = timesOf(accountId);
        return isOver(acceptedAt, logMs) ? 'gone' : isOver(acceptedAt, payloadMs) ? 'cut' : 'kept';
      }
      function mayCut(): void {
        for (const each of all) each.mayBe = further(each.mayBe, becomesOf(each));
      }

      const acts: { [K in Step['do']]: (step: Extract<Step, { do: K }>) => Promise<void> } = {
        async accept({ account, webhooks, waits }) {
          const accountId = `acc_${account}`;
          const deliveries = await accept(store, accountId, webhooks);
          all.push({ accountId, acceptedAt: clock.now(), deliveries, mayBe: 'kept' });
          const left = waits ? deliveries.slice(-1) : [];
          waiting.push(...left);
          await end(store, deliveries.slice(0, deliveries.length - left.length));
        },
        async keep({ account, days: [payload, log] }) {
          const times = { payloadMs: payload * day || null, logMs: log * day || null };
          if (account === null) ofAll = times;
          else if (times.payloadMs === null) own.delete(`acc_${account}`);
          else own.set(`acc_${account}`, times);
          await keep();
        },
        async wait({ hours }) {
          clock.advance(hours * hour);
        },
        async cut({ pieces }) {
          mayCut();
          for (let i = 0; i <= pieces; i++) await store.retention.cut({ now: clock.now(), mostMs: 0 });
        },
        /** As the task does that deletes an account. */
        async remove({ account }) {
          const accountId = `acc_${account}`;
          const of = accountDeletion(accountId);
          await store.erasures.create(of);
          for (let left: readonly number[] = await findAll(store, of); left.length > 0; )
            left = left.slice(await store.erasures.deleteEvents(of, left));
          removed.push(...all.filter((each) => each.accountId === accountId));
          all = all.filter((each) => each.accountId !== accountId);
          waiting = waiting.filter(({ event }) => event.accountId !== accountId);
        },
        async restart() {
          await store.close();
          // Numbers of what is gone may be given again in the same millisecond.
          clock.advance(1_000);
          store = await open(place, clock);
          await keep();
        },
      };
      for (const step of steps) await acts[step.do](step as never);

      await end(store, waiting);
      const due = all.map((each) => becomesOf(each));
      clock.advance(day + minute);
      mayCut();
      await cutAll(store, clock.now(), 0);
      for (const each of removed) expect(await contentsOf(store, each)).toBe('gone');
      for (const [i, each] of all.entries()) {
        const is = await contentsOf(store, each);
        // At least what it had to become a day ago, and at most what it could.
        expect(further(is, due[i] ?? 'kept')).toBe(is);
        expect(further(is, each.mayBe)).toBe(each.mayBe);
      }
      await store.close();
    }
  });
}

const order: readonly Contents[] = ['kept', 'cut', 'gone'];

function further(one: Contents, other: Contents): Contents {
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
