import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { attemptOf, delivered, newEvent, unique } from '../../conformance/samples.ts';
import type { NewEvent } from '../../ports/delivery-log.ts';
import type { JoinedStore } from '../testing/joined-store.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces({ couriers: 2 });
afterAll(() => places.remove());

const webhookOf = (account: string, place: number): string => `wh_${account}_${place}`;

/** An event of an account for so many of its webhooks, of which every so many-th wants order. */
interface Report {
  readonly account: string;
  readonly webhooks: number;
  readonly orderedEach: number;
  readonly message: number;
}
const report: fc.Arbitrary<Report> = fc.record({
  account: fc.constantFrom('a', 'b', 'c'),
  webhooks: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 240, max: 900 })),
  orderedEach: fc.constantFrom(0, 0, 70),
  message: fc.integer({ min: 0, max: 1 }),
});
const step = fc.record({
  /** Made at once. */
  calls: fc.array(fc.array(report, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  /** The disk takes no delivery of this webhook. */
  refused: fc.option(
    fc.record({
      account: fc.constantFrom('a', 'b', 'c'),
      place: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 250, max: 900 })),
    }),
  ),
  afterwards: fc.constantFrom('goOn', 'goOn', 'reopen', 'reopenRefused'),
});

function entryOf({ account, webhooks, orderedEach, message }: Report): NewEvent {
  const webhookIds = Array.from({ length: webhooks }, (_, i) => webhookOf(account, i));
  return {
    ...newEvent(webhookIds, { accountId: account, messageId: `message ${message}` }, unique('own')),
    orderedWebhookIds: orderedEach === 0 ? [] : webhookIds.filter((_, i) => i % orderedEach === 0),
  };
}

/** Delivers what comes, and checks that it comes once, and for each webhook in order. */
function deliver({ log }: JoinedStore): void {
  const latest = new Map<string, string>();
  const all = new Set<string>();
  function take(deliveries: readonly QueuedDelivery[]): void {
    for (const delivery of deliveries) {
      expect(all.has(delivery.id)).toBe(false);
      all.add(delivery.id);
      log.record(attemptOf(delivery, delivered), () => {});
    }
  }
  log.onAccepted((deliveries) => {
    take(deliveries);
    for (const { webhookId, id } of deliveries) {
      expect(id > (latest.get(webhookId) ?? '')).toBe(true);
      latest.set(webhookId, id);
    }
  });
  log.onReleased(take);
}

it('stores every event whole, once and in the order of its account, whatever is refused and whenever it is opened again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const place = unique('place');
      const clock = createManualClock();
      let store = await places.open(place, clock);
      deliver(store);
      const db = new DatabaseSync(join(places.dataDir(place), 'hookwire.db'), { timeout: 10_000 });
      const entries = new Map<string, NewEvent>();
      const untold = new Set<NewEvent>();

      for (const { calls, refused, afterwards } of steps) {
        if (refused) {
          const webhook = webhookOf(refused.account, refused.place);
          db.exec(`CREATE TRIGGER refusal BEFORE INSERT ON deliveries WHEN NEW.webhook = '${webhook}'
            BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
        }
        const made = calls.map((reports) => reports.map(entryOf));
        for (const entry of made.flat()) entries.set(entry.ownId ?? '', entry);
        const answers = await Promise.allSettled(made.map((call) => store.log.append(call)));
        for (const [i, { status }] of answers.entries()) {
          if (status === 'rejected') for (const entry of made[i] ?? []) untold.add(entry);
        }
        const reopen = async (): Promise<void> => {
          await store.close();
          store = await places.open(place, clock);
          deliver(store);
        };
        if (afterwards === 'reopenRefused') await reopen();
        db.exec('DROP TRIGGER IF EXISTS refusal');
        if (afterwards === 'reopen') await reopen();
      }
      // Whoever was told of a failure calls again.
      await store.log.append([...untold]);
      await store.log.append([newEvent(['wh_last'], {}, 'last')]);

      expect(db.prepare('SELECT * FROM fan_outs').all()).toEqual([]);
      const stored = db
        .prepare("SELECT seq, id, deliveries FROM events WHERE id <> 'last' ORDER BY seq")
        .all();
      expect(stored.map(({ id }) => id).toSorted()).toEqual([...entries.keys()].toSorted());
      const webhooks = db.prepare('SELECT webhook FROM deliveries WHERE event = ? ORDER BY seq');
      for (const { seq, id, deliveries } of stored) {
        const wanted = entries.get(String(id))?.webhookIds ?? [];
        expect(Number(deliveries)).toBe(wanted.length);
        const got = webhooks.all(Number(seq)).map(({ webhook }) => String(webhook));
        expect(got.join(' ')).toBe(wanted.join(' '));
      }
      await store.close();
      db.close();
    }),
    { numRuns: 6, endOnFailure: true },
  );
});
