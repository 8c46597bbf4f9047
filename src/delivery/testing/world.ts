import { expect, vi } from 'vitest';
import type { DeliveryState } from '../../core/delivery.ts';
import type { OpenBreaker } from '../../core/delivery-observer.ts';
import { sequenceId } from '../../core/ids.ts';
import type { WebhookSettings } from '../../core/webhook.ts';
import { createWebhookRegistry } from '../../routing/registry.ts';
import { heldCode, stateCode, stateOf } from '../../stores/codes.ts';
import type { CourierLog, EventLog } from '../../stores/ports/delivery-log.ts';
import { createCourierLog } from '../../stores/sqlite/writer/courier-log.ts';
import { createSqliteEventLog } from '../../stores/sqlite/writer/event-log.ts';
import { testEvent, testSettings, testWebhook } from '../../testing/factories.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createDispatcher, type Dispatcher } from '../dispatcher.ts';
import { createFakeSender, type FakeRequest } from './fake-sender.ts';
import {
  type ModelDelivery,
  type ModelRequest,
  type ModelWebhook,
  mustBeOpen,
  type PlayedAnswer,
} from './model.ts';
import { createPlayedWriter } from './played-writer.ts';
import { checkOrder, checkRetry, checkStart } from './rules.ts';

export interface WorldOptions {
  readonly maxInFlight: number;
  /** How long the store takes for each thing that it is asked. */
  readonly storeMs: number;
  /** Yields 0 … 1. */
  readonly random: () => number;
}

/** So many timers that fire at one moment, one after another, are a program that spins. */
const mostAtOnce = 2_000;
const quietTurns = 3;
const minuteMs = 60_000;

/**
 * A dispatcher on the real store's statements (in memory), with played endpoints and time. Every request that starts
 * and every attempt that is recorded is held against the rules (`rules.ts`); the first broken one is thrown by
 * {@link pass}. Real timers are played as well, until the test gives them back (`vi.useRealTimers`).
 */
export async function createWorld(options: WorldOptions) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const clock = createManualClock();
  const writer = createPlayedWriter();
  const sender = createFakeSender(clock);
  const registry = createWebhookRegistry();
  const webhooks = new Map<string, ModelWebhook>();
  const byName = new Map<string, ModelDelivery>();
  /** Known over restarts. */
  const openBreakers = new Map<string, OpenBreaker>();
  const broken: unknown[] = [];
  let out = 0;
  let life = 0;
  let log: EventLog;
  let courierLog: CourierLog;
  let dispatcher: Dispatcher;

  const stateRow = writer.db.prepare(
    'SELECT d.state FROM events e JOIN deliveries d ON d.event = e.seq WHERE e.id = ?',
  );

  function codeOf(delivery: ModelDelivery): number | null {
    const row = stateRow.get(delivery.name);
    return row ? Number(row.state) : null;
  }

  const waitingCodes = new Set([stateCode('pending'), stateCode('retrying'), heldCode]);
  function isWaiting(delivery: ModelDelivery): boolean {
    const code = codeOf(delivery);
    return code !== null && waitingCodes.has(code);
  }

  /** Keeps the first rule that is broken, as what is thrown here would be lost in a promise. */
  function hold(check: () => void): void {
    try {
      check();
    } catch (error) {
      broken.push(error);
    }
  }

  function known<T>(found: T | undefined): T {
    if (found === undefined) throw new Error('The test does not know it.');
    return found;
  }

  const ownerOf = (request: FakeRequest) => known(webhooks.get(new URL(request.origin).hostname));

  sender.onSend = (sent) => {
    const of = ownerOf(sent);
    const parsed = JSON.parse(sent.body) as { txn_id: string } | { txn_id: string }[];
    const deliveries = [parsed].flat().map(({ txn_id }) => known(byName.get(txn_id)));
    for (const delivery of deliveries) delivery.id ??= idOf(delivery);
    const request: ModelRequest = {
      sent,
      deliveries,
      era: of.era,
      isProbe: mustBeOpen(of),
      isFirst: deliveries.some(({ latest }) => latest === null),
      owed: deliveries.filter(({ owed }) => owed),
    };
    const now = clock.now();
    hold(() => {
      checkStart(of, request, now);
      for (const delivery of deliveries) checkOrder(of, delivery, isWaiting);
    });
    of.underWay.add(request);
    of.starts.push(now);
    out += deliveries.length;
    hold(() => expect(out, 'deliveries under way').toBeLessThanOrEqual(options.maxInFlight));
    for (const delivery of deliveries) {
      delivery.isOut = true;
      delivery.sends++;
      delivery.owed = false;
    }
    const answer = known(of.answers[of.answered++ % of.answers.length]);
    const startedIn = life;
    clock.setTimer(() => {
      if (life === startedIn) ripeAnswers.push(() => give(of, request, answer));
    }, answer.afterMs);
  };

  function give(of: ModelWebhook, request: ModelRequest, answer: PlayedAnswer): void {
    of.underWay.delete(request);
    if (answer.status === 'files' || answer.status === 'ports') {
      takeBack(request);
      request.sent.fallShort(answer.status);
      return;
    }
    if (answer.status === 'timeout' || answer.status >= 500) fail(of, request, answer.status);
    else {
      of.failures = 0;
      of.wellAt = clock.now();
    }
    for (const delivery of request.deliveries) retryAfter.set(delivery.name, answer.retryAfter ?? null);
    request.sent.answer(answer.status, answer.retryAfter);
  }

  const latelyMs = 10_000;

  function fail(of: ModelWebhook, request: ModelRequest, status: number | 'timeout'): void {
    if (request.era !== of.era) return;
    const now = clock.now();
    // What fails again says nothing of an endpoint that took others a moment ago.
    if (request.isProbe || (request.isFirst && status !== 503) || now - of.wellAt >= latelyMs)
      of.failures += status === 'timeout' ? 2 : 1;
    if (request.isProbe) of.probeFailedAt = now;
  }

  /** As if it had never been sent. */
  function takeBack({ deliveries, owed }: ModelRequest): void {
    out -= deliveries.length;
    for (const delivery of deliveries) {
      delivery.isOut = false;
      delivery.sends--;
    }
    for (const delivery of owed) delivery.owed = true;
  }

  const retryAfter = new Map<string, string | null>();

  async function start(): Promise<void> {
    log = createSqliteEventLog(writer.thread(), clock);
    courierLog = createCourierLog(writer.port(), clock);
    const startedIn = life;
    dispatcher = createDispatcher({
      deliveryLog: courierLog,
      registry,
      sender,
      clock,
      random: options.random,
      maxInFlight: options.maxInFlight,
      onDisable(webhookId, reason) {
        if (life === startedIn) change(webhookId, { status: 'disabled', disabledReason: reason });
      },
      openBreakers: [...openBreakers.values()],
      observers: [
        {
          breakerChanged(webhookId, open) {
            if (life !== startedIn) return;
            if (open) openBreakers.set(webhookId, open);
            else openBreakers.delete(webhookId);
          },
          attempted(record, { event, attemptsSinceReplay }) {
            const delivery = known(byName.get(event.transactionId ?? ''));
            delivery.isOut = false;
            out--;
            delivery.latest = record.after.state;
            if (record.after.state === 'retrying') {
              delivery.dueAt = delivery.mayHurry ? 0 : record.after.dueAt;
            }
            delivery.mayHurry = false;
            const asked = retryAfter.get(delivery.name) ?? null;
            hold(() =>
              checkRetry(
                delivery,
                record,
                attemptsSinceReplay,
                asked === null ? null : Number(asked) * 1_000,
              ),
            );
          },
        },
      ],
    });
    let started = false;
    void dispatcher.start().then(() => {
      started = true;
    });
    await pass(10_000, () => started);
  }

  function put(of: ModelWebhook): void {
    registry.put({ webhook: of.webhook, secrets: [{ secret: 'whsec_c2VjcmV0', expiresAt: null }] });
  }

  function change(webhookId: string, parts: Partial<ModelWebhook['webhook']>): void {
    const of = known(webhooks.get(webhookId));
    const rate = of.webhook.settings.ratePerSecond;
    of.webhook = { ...of.webhook, ...parts };
    if (rate !== of.webhook.settings.ratePerSecond) of.starts = [];
    if (of.webhook.status === 'enabled') forgive(of);
    if (!of.deleted) put(of);
  }

  /** Its owner deletes it: what waits ends, and what is under way ends by itself. */
  function remove(webhookId: string): void {
    const of = known(webhooks.get(webhookId));
    if (of.deleted) return;
    of.deleted = true;
    of.deletions++;
    of.underWay.clear();
    for (const delivery of of.deliveries) delivery.owed = delivery.mayHurry = false;
    registry.remove(webhookId);
  }

  /** Its owner takes that back: what the deletion has not ended yet is ended first. */
  async function restore(webhookId: string): Promise<void> {
    const of = known(webhooks.get(webhookId));
    if (!of.deleted) return;
    let ended = false;
    courierLog.skipWaiting(webhookId, 'webhook_deleted', clock.now()).then(
      () => {
        of.deleted = false;
        of.starts = [];
        forgive(of);
        put(of);
        ended = true;
      },
      () => {
        ended = true;
      },
    );
    await pass(minuteMs, () => ended);
  }

  function forgive(of: ModelWebhook): void {
    of.era++;
    of.failures = 0;
    of.probeFailedAt = Number.NEGATIVE_INFINITY;
    of.wellAt = Number.NEGATIVE_INFINITY;
  }

  /** Lets everything that can happen at this moment happen; who hears of an answer acts before the next comes. */
  async function settle(): Promise<void> {
    let turns = 0;
    // What was answered goes to the store a turn later, all of one turn together.
    for (let quiet = 0; quiet < quietTurns; ) {
      if (turns++ > mostAtOnce) throw new Error('The store is asked without end.');
      await new Promise((resolve) => setImmediate(resolve));
      quiet = answerNext() || (mayAnswer() && writer.answer()) || startCommit() ? 0 : quiet + 1;
    }
  }

  /** The store leaves a moment of real time between commits, which passes when nothing else happens. */
  function startCommit(): boolean {
    if (vi.getTimerCount() === 0) return false;
    vi.advanceTimersToNextTimer();
    return true;
  }

  let ripeAnswers: (() => void)[] = [];
  function answerNext(): boolean {
    const next = ripeAnswers.shift();
    next?.();
    return next !== undefined;
  }

  let ripe = 0;
  function mayAnswer(): boolean {
    if (options.storeMs === 0) return true;
    if (ripe === 0) return false;
    ripe--;
    return true;
  }
  writer.onAsked = () => {
    if (options.storeMs > 0) clock.setTimer(() => ripe++, options.storeMs);
  };

  /** Time goes by, one happening after another. */
  async function pass(ms: number, until: () => boolean = () => false): Promise<void> {
    const end = clock.now() + ms;
    await settle();
    let idle = 0;
    while (!until() && broken.length === 0) {
      const next = clock.nextAt;
      idle = next === clock.now() ? idle + 1 : 0;
      if (idle > mostAtOnce) throw new Error('It goes round in circles.');
      if (next === null || next > end) {
        clock.advance(end - clock.now());
        break;
      }
      clock.advance(next - clock.now());
      await settle();
    }
    await settle();
    if (broken.length > 0) throw broken[0];
  }

  function of(webhookId: string): ModelWebhook {
    return known(webhooks.get(webhookId));
  }

  const world = {
    clock,
    writer,
    webhooks,
    deliveries: byName as ReadonlyMap<string, ModelDelivery>,
    pass,
    change,
    remove,
    restore,
    status: () => dispatcher.status(),
    create(webhookId: string, settings: Partial<WebhookSettings>, answers: readonly PlayedAnswer[]): void {
      const webhook = testWebhook({
        id: webhookId,
        url: `https://${webhookId}/dlr`,
        settings: { ...testSettings, ...settings },
      });
      const model: ModelWebhook = {
        ...{ webhook, deliveries: [], answers, answered: 0, underWay: new Set(), starts: [] },
        ...{ failures: 0, probeFailedAt: Number.NEGATIVE_INFINITY, era: 0 },
        wellAt: Number.NEGATIVE_INFINITY,
        ...{ deleted: false, deletions: 0 },
      };
      webhooks.set(webhookId, model);
      put(model);
    },
    behave(webhookId: string, answers: readonly PlayedAnswer[]): void {
      of(webhookId).answers = answers;
    },
    configure(webhookId: string, settings: Partial<WebhookSettings>): void {
      const { webhook } = of(webhookId);
      change(webhookId, {
        settings: { ...webhook.settings, ...settings },
        version: webhook.version + 1,
      });
    },
    /** Events come in, all in one call. */
    arrive(webhookId: string, reports: readonly { messageId: string; status: string }[]): void {
      const { deliveries, webhook } = of(webhookId);
      const added = reports.map((report): ModelDelivery => {
        const name = `t${byName.size}`;
        const event = testEvent({ ...report, id: name, transactionId: name });
        const delivery: ModelDelivery = {
          ...{ name, webhookId, place: byName.size, event, id: null, isOut: false, latest: null },
          ...{ dueAt: 0, sends: 0, replayed: false, owed: false, mayHurry: false },
        };
        byName.set(name, delivery);
        return delivery;
      });
      deliveries.push(...added);
      const webhookIds = [webhookId];
      const orderedWebhookIds = webhook.settings.ordered ? webhookIds : [];
      log
        .append(added.map(({ event, name }) => ({ event, ownId: name, webhookIds, orderedWebhookIds })))
        // Refused by the disk: never accepted.
        .catch(() => {});
    },
    /** A person asks for deliveries to be sent again. */
    replay(delivery: ModelDelivery): void {
      const code = codeOf(delivery);
      const id = idOf(delivery);
      if (id === null) return;
      // One that was never tried is about to be, and one that is under way may be delivered by that.
      const isOwed = !delivery.isOut && code !== heldCode && code !== stateCode('pending');
      const { sends } = delivery;
      const { deletions, deleted } = of(delivery.webhookId);
      if (deleted) return;
      delivery.replayed = true;
      delivery.mayHurry = true;
      delivery.dueAt = 0;
      dispatcher.replay({ id, webhookId: delivery.webhookId }).then(
        () => {
          const isCurrent = of(delivery.webhookId).deletions === deletions;
          if (isOwed && isCurrent && delivery.sends === sends) delivery.owed = true;
        },
        () => {},
      );
    },
    recover(webhookId: string, states: readonly Exclude<DeliveryState, 'pending'>[]): void {
      const { deliveries, webhook } = of(webhookId);
      const ids = deliveries.flatMap((delivery) => idOf(delivery) ?? []);
      for (const delivery of deliveries) {
        delivery.replayed = true;
        delivery.dueAt = 0;
      }
      const { ordered } = webhook.settings;
      void courierLog
        .requeueMany({ webhookId, deliveryIds: ids, states, ordered, now: clock.now() })
        .then(() => dispatcher.wake(webhookId))
        .catch(() => {});
    },
    /** The process is killed and starts again. */
    async crash(): Promise<void> {
      life++;
      void dispatcher.stop(0);
      writer.crash();
      ripe = 0;
      ripeAnswers = [];
      out = 0;
      for (const model of webhooks.values()) {
        model.underWay.clear();
        model.starts = [];
        forgive(model);
        for (const delivery of model.deliveries) delivery.isOut = delivery.mayHurry = false;
      }
      await start();
    },
    /** Accepted deliveries, with their states in the store. */
    states(): Map<ModelDelivery, DeliveryState> {
      const states = new Map<ModelDelivery, DeliveryState>();
      for (const delivery of byName.values()) {
        const code = codeOf(delivery);
        if (code !== null) states.set(delivery, stateOf(code));
      }
      return states;
    },
  };

  const seqRow = writer.db.prepare('SELECT seq FROM events WHERE id = ?');
  function idOf(delivery: ModelDelivery): string | null {
    const row = seqRow.get(delivery.name);
    return row ? sequenceId('dlv', Number(row.seq) + 1) : null;
  }

  await start();
  return world;
}
