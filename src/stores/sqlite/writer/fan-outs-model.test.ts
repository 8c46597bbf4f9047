import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { createPlayedWriter, type PlayedWriter } from '../../../delivery/testing/played-writer.ts';
import { createManualClock, type ManualClock } from '../../../testing/manual-clock.ts';
import { attemptOf, delivered, newEvent, unique } from '../../conformance/samples.ts';
import type { EventLog, NewEvent } from '../../ports/delivery-log.ts';
import { createCourierLog } from './courier-log.ts';
import { createSqliteEventLog } from './event-log.ts';

/** An event of an account for so many of its webhooks, of which every so many-th wants order. */
interface Report {
  readonly account: string;
  readonly webhooks: number;
  readonly orderedEach: number;
  readonly message: number;
}
const report: fc.Arbitrary<Report> = fc.record({
  account: fc.constantFrom('a', 'b', 'c'),
  webhooks: fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 251, max: 500 }),
    fc.integer({ min: 240, max: 900 }),
  ),
  orderedEach: fc.constantFrom(0, 0, 70),
  message: fc.integer({ min: 0, max: 1 }),
});

type Step =
  | { readonly kind: 'call'; readonly reports: readonly Report[] }
  /** The writer does so much of what it was asked. */
  | { readonly kind: 'answer'; readonly questions: number }
  /** The disk takes nothing from now on, or all. */
  | { readonly kind: 'refuse'; readonly refuses: boolean }
  | { readonly kind: 'crash' };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      reports: fc.array(report, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('answer' as const), questions: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('refuse' as const), refuses: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
);

function entryOf({ account, webhooks, orderedEach, message }: Report): NewEvent {
  const webhookIds = Array.from({ length: webhooks }, (_, i) => `wh_${account}_${i}`);
  return {
    ...newEvent(webhookIds, { accountId: account, messageId: `message ${message}` }, unique('own')),
    orderedWebhookIds: orderedEach === 0 ? [] : webhookIds.filter((_, i) => i % orderedEach === 0),
  };
}

/** A process: its log, and its courier, which delivers what it hears and checks that this comes once and in order. */
function begin(writer: PlayedWriter, clock: ManualClock): { log: EventLog; told: () => number } {
  const last = writer.db.prepare('SELECT max(seq + deliveries) AS last FROM events').get()?.last;
  const log = createSqliteEventLog({ ...writer.thread(), lastSequence: Number(last ?? 0) }, clock);
  const courier = createCourierLog(writer.port(), clock);
  const latest = new Map<string, string>();
  let told = 0;
  const deliver = (delivery: QueuedDelivery): void =>
    courier.record(attemptOf(delivery, delivered), () => {});
  courier.onAccepted((deliveries) => {
    told += deliveries.length;
    for (const delivery of deliveries) {
      expect(delivery.id > (latest.get(delivery.webhookId) ?? '')).toBe(true);
      latest.set(delivery.webhookId, delivery.id);
      deliver(delivery);
    }
  });
  courier.onReleased((deliveries) => deliveries.forEach(deliver));
  return { log, told: () => told };
}

it('stores every event whole and once, and tells of it in order, whatever is refused and whenever the process dies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const clock = createManualClock();
      const writer = createPlayedWriter();
      let life = begin(writer, clock);
      const entries = new Map<string, NewEvent>();
      const unanswered = new Set<NewEvent>();

      async function answer(questions: number): Promise<void> {
        for (let i = 0; i < questions; i++) {
          await setImmediate();
          writer.answer();
        }
      }
      async function call(call: readonly NewEvent[]): Promise<void> {
        for (const entry of call) unanswered.add(entry);
        await life.log.append(call);
        for (const entry of call) unanswered.delete(entry);
      }
      async function callAnswered(entries: readonly NewEvent[]): Promise<void> {
        let answered = false;
        const called = call(entries).finally(() => {
          answered = true;
        });
        while (!answered) await answer(1);
        await called;
      }

      for (const step of steps) {
        if (step.kind === 'answer') await answer(step.questions);
        else if (step.kind === 'refuse') writer.refuses = step.refuses;
        else if (step.kind === 'crash') {
          writer.crash();
          life = begin(writer, clock);
        } else {
          const made = step.reports.map(entryOf);
          for (const entry of made) entries.set(entry.ownId ?? '', entry);
          call(made).catch(() => {});
        }
      }
      writer.refuses = false;
      // What is under way fails or is stored, and whoever was not answered calls again.
      while (life.log.queued > 0) await answer(1);
      await callAnswered([...unanswered]);
      await callAnswered([newEvent(['wh_last'], {}, 'last')]);
      while (life.told() < life.log.handedOver) await setImmediate();
      expect(life.told()).toBe(life.log.handedOver);

      const { db } = writer;
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
    }),
    { numRuns: 100, endOnFailure: true },
  );
});
