import type { Clock } from '../core/clock.ts';
import type { AttemptRecord, QueuedDelivery } from '../core/delivery.ts';
import { type DeliveryObserver, type OpenBreaker, tellAll } from '../core/delivery-observer.ts';
import type { Shortage } from '../core/shortage.ts';
import { usualBatchBytes } from '../core/webhook.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import { attempt } from './attempt.ts';
import { giveBack } from './give-back.ts';
import { createGiveUp } from './give-up.ts';
import { createAlarm } from './lanes/alarm.ts';
import { createCeiling } from './lanes/ceiling.ts';
import type { Lane } from './lanes/lane.ts';
import { createLaneMemory } from './lanes/memory.ts';
import { type Learning, learn } from './learn.ts';
import { createLeaving } from './leaving.ts';
import { fillList } from './list-size.ts';
import { type Reloading, reload } from './reload.ts';
import { type ReplayContext, type ReplayRequest, replay } from './replay.ts';
import type { Seat } from './seat.ts';
import { createSeats } from './seats.ts';
import type { Sender } from './send/sender.ts';
import { createSlots, type HeldSlots } from './slots/slots.ts';

export interface DispatcherOptions {
  readonly log: DeliveryLog;
  readonly registry: Pick<WebhookRegistry, 'get' | 'onChange'>;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly random: () => number;
  /** Deliveries under way at once: sent or being sent, and not yet recorded. After a crash at most these come twice. */
  readonly maxInFlight: number;
  /** How long nothing but failures lets a webhook be disabled. Default 5 days. */
  readonly deadAfterMs?: number;
  /** A webhook is to be disabled (`gone`, `failing`). Called again after a second when it throws or rejects. */
  readonly onDisable: (webhookId: string, reason: string) => Promise<void> | void;
  /** Hear of what becomes of deliveries and endpoints, in this order. */
  readonly observers: readonly DeliveryObserver[];
  /** Breakers that were open before a restart, as observers heard of them. */
  readonly openBreakers?: readonly OpenBreaker[];
}

/** What the dispatcher is doing right now, for metrics. */
export interface DispatcherStatus {
  readonly inFlight: number;
  /** How many may be now: fewer than `maxInFlight` while the machine is short of something. */
  readonly mostInFlight: number;
  readonly lanes: number;
  readonly inMemory: number;
  /** Lanes whose endpoint fails, so that they wait. */
  readonly openBreakers: number;
  readonly disabledLanes: number;
}

/** Sends every delivery of every webhook, each webhook in a lane of its own. */
export interface Dispatcher {
  /** Takes up what waits in the store. */
  start(): Promise<void>;
  /**
   * Makes one delivery due now, or the next of its message where its webhook wants order. One that was never tried stays
   * in its place.
   */
  replay(delivery: ReplayRequest): Promise<void>;
  /** Retries were brought back in the store, since the clock was set back. */
  clockSetBack(): Promise<void>;
  /** Something of this webhook was made due in the store by somebody else. */
  wake(webhookId: string): void;
  /** Resolves when nothing is under way that was begun before the webhook was deleted. */
  gone(webhookId: string): Promise<void>;
  /** The machine is short of descriptors or memory: less is sent at once for a while. */
  slowDown(): void;
  /**
   * Starts nothing more and waits for what is under way, `withinMs` at most; while the store cannot write, only for answers. What has not ended by then is not
   * recorded: it goes out again after the next start.
   */
  stop(withinMs: number): Promise<void>;
  status(): DispatcherStatus;
}

/** How long to wait when the store, or saving that a webhook is disabled, failed. */
const tryAgainMs = 1_000;
/** How often a stop looks whether anything is still to come. */
const lookMs = 250;
const fiveDaysMs = 5 * 24 * 60 * 60 * 1000;

/**
 * ```text
 * store tells of new deliveries ──▸ lane ──▸ ready lanes, in turns ──▸ attempt ──▸ record ──▸ (on disk) settled
 *                                    ▲                                                          │ retry at
 *                                    └───── wake: retry due, pause over, batch, rate, probe ◂───┘
 * ```
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { log, registry, clock, maxInFlight, deadAfterMs = fiveDaysMs } = options;
  const tell = tellAll(options.observers);
  const slots = createSlots<Seat>(maxInFlight);
  const ceiling = createCeiling(maxInFlight);
  const ceilingAlarm = createAlarm(clock, pump);
  const memory = createLaneMemory();
  const seats = createSeats({
    ...options,
    ...{ deadAfterMs, memory, tell },
    known: new Map(options.openBreakers?.map((open) => [open.webhookId, open])),
    wake: attendAndPump,
  });
  const leaving = createLeaving();
  /** Requests at endpoints; what they were answered may not be recorded yet. */
  let requests = 0;
  let stopping = false;
  let abandoned = false;
  let onQuiet: (() => void) | null = null;

  const giveUp = createGiveUp({ log, tell });
  const replaying: ReplayContext = { log, registry, clock, seatOf: seats.of, wake };
  const learning: Learning = { ...options, tell, isCurrent: seats.isCurrent, tryAgain };
  const reloading: Reloading = {
    log,
    memory,
    isCurrent: (lane) => seats.known(lane.webhookId)?.lane === lane,
    tryAgain,
    attend: wakeLane,
  };

  log.onAccepted((deliveries) => take(deliveries, (lane, delivery) => lane.tell(delivery, memory.window)));
  log.onReleased((deliveries) => take(deliveries, (lane, delivery) => lane.tellReleased(delivery)));
  log.onOutdated(tell.concluded);
  log.onUntold((webhookIds) => {
    for (const webhookId of webhookIds) {
      const seat = seats.of(webhookId);
      if (seat) seat.lane.spilled = true;
      wake(webhookId);
    }
  });

  registry.onChange((webhookId, registered) => {
    const seat = seats.known(webhookId);
    if (seat) leaveLine(seat);
    if (!registered) {
      skipAll(webhookId);
      if (seat) leaving.add(seat);
      tell.breakerChanged(webhookId, null);
      seats.remove(webhookId);
      return;
    }
    if (!seat) {
      seats.forget(webhookId);
      return;
    }
    seat.apply(registered);
    attendAndPump(seat);
  });

  function take(
    deliveries: readonly QueuedDelivery[],
    into: (lane: Lane, delivery: QueuedDelivery) => void,
  ): void {
    const touched = new Set<Seat>();
    // A call waits for its commits, and its webhook may be deleted meanwhile.
    const deleted = new Set<string>();
    for (const delivery of deliveries) {
      const seat = seats.of(delivery.webhookId);
      if (!seat) {
        deleted.add(delivery.webhookId);
        continue;
      }
      into(seat.lane, delivery);
      touched.add(seat);
    }
    for (const webhookId of deleted) skipAll(webhookId);
    for (const seat of touched) attend(seat);
    pump();
  }

  function tryAgain(run: () => void): void {
    clock.setTimer(() => {
      if (!stopping) run();
    }, tryAgainMs);
  }

  /** Ends what waits for a webhook that was deleted; one that was restored meanwhile has seen to it. */
  function skipAll(webhookId: string): void {
    if (registry.get(webhookId)) return;
    const reason = 'webhook_deleted';
    log
      .skipWaiting(webhookId, reason, clock.now())
      .then((deliveries) => {
        if (deliveries > 0) tell.skipped(webhookId, reason, deliveries);
      })
      .catch(() => tryAgain(() => skipAll(webhookId)));
  }

  /** Looks after a lane whose state changed: reloads it, puts it in the queue of the ready, sets its alarm. */
  function attend(seat: Seat): void {
    if (stopping || !seats.isCurrent(seat)) return;
    const { lane } = seat;
    const now = clock.now();
    giveUp.heads(seat, now);
    if (memory.isShort && lane.isIdleWithMuch) lane.shrink(now);
    reload(lane, now, reloading);
    if (lane.isReady || lane.maySend(now)) {
      lane.isReady = true;
      slots.ready(seat, lane.health.isProved(now));
    }
    seat.alarm.set(lane.isReady ? null : lane.wakeAt(now));
  }

  function leaveLine(seat: Seat): void {
    seat.lane.isReady = false;
    slots.leave(seat);
  }

  function attendAndPump(seat: Seat): void {
    attend(seat);
    pump();
  }

  function wakeLane(lane: Lane): void {
    const seat = seats.known(lane.webhookId);
    if (seat) attendAndPump(seat);
  }

  /** Gives every ready lane one request in turn, while the process may have more. */
  function pump(): void {
    const startedAt = clock.now();
    slots.limit(ceiling.at(startedAt));
    if (!stopping) ceilingAlarm.set(ceiling.changesAt(startedAt));
    if (ceiling.startsAt(startedAt) > startedAt) return;
    while (!stopping) {
      const seat = slots.next();
      if (!seat) return;
      seat.lane.isReady = false;
      const now = clock.now();
      giveUp.heads(seat, now);
      const taken = seat.lane.take(now, slots.room(seat), fitsInto(seat));
      // Retries, and reports that waited for their turn, do not lie in the order of their age.
      const [first, ...more] = taken.filter((delivery) => !giveUp.one(seat, delivery, now));
      if (first) {
        void send(seat, [first, ...more]);
      } else if (taken.length > 0) seat.lane.underWay--;
      attend(seat);
    }
  }

  function fitsInto({ lane, holder }: Seat): ((delivery: QueuedDelivery) => boolean) | undefined {
    const { batch } = holder.endpoint.settings;
    if (!batch) return undefined;
    try {
      return fillList(holder.endpoint.compiled, lane.lists.mostBytes(batch.maxBytes ?? usualBatchBytes));
    } catch {
      // What cannot be compiled cannot be measured; its attempt says why.
      return undefined;
    }
  }

  async function send(seat: Seat, deliveries: readonly [QueuedDelivery, ...QueuedDelivery[]]): Promise<void> {
    const { lane, epoch } = seat;
    const kind = lane.health.breaker.started();
    const startedAt = clock.now();
    const held = slots.take(
      seat,
      deliveries.map(({ size }) => size),
    );
    requests++;
    const outcome = await attempt(seat.holder.endpoint, deliveries, options, lane.lists);
    requests--;
    lane.underWay--;
    if (abandoned) return;
    if (outcome.shortage) {
      short(seat, outcome.shortage);
      giveBack(seat, deliveries, kind, { isCurrent: seats.isCurrent, wake });
      for (const { size } of deliveries) freed(seat, held, size);
      attendAndPump(seat);
      return;
    }
    ceiling.left(startedAt);
    lane.kept.worked(startedAt);
    const { records, verdict } = outcome;
    const isRetry = deliveries.every(({ attemptsSinceReplay }) => attemptsSinceReplay > 0);
    if (seat.epoch === epoch) learn(seat, verdict, { kind, isRetry, startedAt }, learning);
    records.forEach((outcome, i) => {
      const delivery = deliveries[i];
      if (!delivery) return;
      const record = recordFor(seat, outcome);
      log.record(record, () => settled(seat, delivery, record, held));
    });
    attendAndPump(seat);
  }

  /** A webhook that was deleted while its request was under way gets no retry, unless it was restored. */
  function recordFor(seat: Seat, record: AttemptRecord): AttemptRecord {
    return record.after.state === 'retrying' && !registry.get(seat.lane.webhookId)
      ? { ...record, after: { state: 'skipped', reason: 'webhook_deleted' } }
      : record;
  }

  function settled(seat: Seat, delivery: QueuedDelivery, record: AttemptRecord, held: HeldSlots): void {
    const { after } = record;
    if (after.state === 'retrying') {
      const { webhookId } = seat.lane;
      const current = seats.of(webhookId);
      current?.lane.retryAt(after.dueAt);
      if (current) attend(current);
      else skipAll(webhookId);
    }
    tell.attempted(record, delivery);
    landed(seat, delivery, held);
  }

  /** What became of a delivery is on disk. */
  function landed(seat: Seat, delivery: QueuedDelivery, held: HeldSlots): void {
    if (seat.lane.landed(delivery.id)) sendAgain(delivery);
    freed(seat, held, delivery.size);
    pump();
  }

  /** One fewer is in flight. */
  function freed(seat: Seat, held: HeldSlots, size: number | undefined): void {
    held.free(size);
    leaving.landed(seat);
    if (slots.inFlight === 0) onQuiet?.();
  }

  /**
   * Ports are short towards one address, look-ups for one account, and not everybody takes the proxy; the rest is short for
   * everybody.
   */
  function short({ lane }: Seat, of: Shortage): void {
    if (of === 'ports' || of === 'lookups' || of === 'way_out') lane.kept.trouble(clock.now());
    else slowDown();
  }

  function slowDown(): void {
    ceiling.short(slots.inFlight, clock.now());
  }

  function wake(webhookId: string): void {
    const seat = seats.of(webhookId);
    if (!seat) {
      skipAll(webhookId);
      return;
    }
    seat.lane.retryAt(clock.now());
    attendAndPump(seat);
  }

  /** Somebody asked for it while it was under way. */
  function sendAgain(delivery: QueuedDelivery): void {
    replay(delivery, replaying).catch(() => tryAgain(() => sendAgain(delivery)));
  }

  return {
    async start() {
      for (const summary of await log.waiting()) {
        const seat = seats.of(summary.webhookId);
        if (!seat) {
          skipAll(summary.webhookId);
          continue;
        }
        seat.lane.spilled ||= summary.pending;
        if (summary.nextRetryAt !== null) seat.lane.retryAt(summary.nextRetryAt);
        attend(seat);
      }
      pump();
    },
    async clockSetBack() {
      for (const { webhookId, nextRetryAt } of await log.waiting()) {
        const seat = seats.of(webhookId);
        if (!seat) continue;
        if (nextRetryAt !== null) seat.lane.retryAt(nextRetryAt);
        attend(seat);
      }
      pump();
    },
    replay: (delivery) => replay(delivery, replaying),
    wake,
    gone: leaving.gone,
    slowDown() {
      slowDown();
      pump();
    },
    async stop(withinMs) {
      stopping = true;
      ceilingAlarm.set(null);
      for (const seat of seats) seat.alarm.set(null);
      if (slots.inFlight > 0) {
        await new Promise<void>((resolve) => {
          const deadline = clock.setTimer(end, withinMs);
          let looking = clock.setTimer(look, lookMs);
          onQuiet = end;
          function end(): void {
            deadline.cancel();
            looking.cancel();
            resolve();
          }
          function look(): void {
            // What is answered and cannot be recorded goes out again after the next start, however long it is waited for.
            if (requests === 0 && log.health.problem !== null) end();
            else looking = clock.setTimer(look, lookMs);
          }
        });
      }
      abandoned = true;
      leaving.end();
    },
    status() {
      const lanes = [...seats].map(({ lane }) => lane);
      return {
        inFlight: slots.inFlight,
        mostInFlight: ceiling.at(clock.now()),
        lanes: lanes.length,
        inMemory: memory.held,
        openBreakers: lanes.filter(({ health }) => health.breaker.state !== 'closed').length,
        disabledLanes: lanes.filter(({ enabled }) => !enabled).length,
      };
    },
  };
}
