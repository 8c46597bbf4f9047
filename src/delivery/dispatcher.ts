import type { Clock, Timer } from '../core/clock.ts';
import type { AttemptRecord, QueuedDelivery } from '../core/delivery.ts';
import type { RegisteredWebhook, WebhookRegistry } from '../routing/registry.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import { type AttemptOutcome, attempt } from './attempt.ts';
import { type EndpointHolder, holdEndpoint } from './endpoints.ts';
import { Fifo } from './lanes/fifo.ts';
import { Lane, laneWindow, retryWindow } from './lanes/lane.ts';
import { memoryBudget } from './lanes/memory.ts';
import type { Sender } from './send/sender.ts';

export interface DispatcherOptions {
  readonly log: DeliveryLog;
  readonly registry: Pick<WebhookRegistry, 'get' | 'onChange'>;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly random: () => number;
  /** Deliveries under way at once: sent or being sent, and not yet recorded. After a crash at most these come twice. */
  readonly maxInFlight: number;
  /** A webhook's endpoint said that it is gone for good. Called again after a second when it throws or rejects. */
  readonly onDisable: (webhookId: string, reason: string) => Promise<void> | void;
  /** Hears of every attempt when it is on disk. */
  readonly onAttempt?: (record: AttemptRecord, delivery: QueuedDelivery) => void;
}

/** What the dispatcher is doing right now, for metrics. */
export interface DispatcherStatus {
  readonly inFlight: number;
  readonly lanes: number;
  readonly inMemory: number;
}

/** Sends every delivery of every webhook, each webhook in a lane of its own. */
export interface Dispatcher {
  /** Takes up what waits in the store. */
  start(): Promise<void>;
  /** Makes one delivery due now. Resolves to false where there is no such delivery. */
  replay(deliveryId: string): Promise<boolean>;
  /**
   * Starts nothing more and waits for what is under way, `withinMs` at most. What has not ended by then is not
   * recorded: it goes out again after the next start.
   */
  stop(withinMs: number): Promise<void>;
  status(): DispatcherStatus;
}

/** How long to wait when the store, or saving that a webhook is disabled, failed. */
const tryAgainMs = 1_000;

interface Seat {
  readonly lane: Lane;
  readonly holder: EndpointHolder;
  timer: Timer | null;
  timerAt: number;
}

/**
 * ```text
 * store tells of new deliveries ──▸ lane ──▸ ready lanes, in turns ──▸ attempt ──▸ record ──▸ (on disk) settled
 *                                    ▲                                                          │ retry at
 *                                    └──────────── wake: retry due, pause over, rate ◂──────────┘
 * ```
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { log, registry, sender, clock, maxInFlight } = options;
  const seats = new Map<string, Seat>();
  const ready = new Fifo<Seat>();
  let inFlight = 0;
  let inMemory = 0;
  let stopping = false;
  let abandoned = false;
  let onQuiet: (() => void) | null = null;

  log.onAccepted((deliveries) => {
    const touched = new Set<Seat>();
    for (const delivery of deliveries) {
      const seat = seatOf(delivery.webhookId);
      if (!seat) continue;
      const before = seat.lane.inMemory;
      seat.lane.tell(delivery, inMemory >= memoryBudget);
      inMemory += seat.lane.inMemory - before;
      touched.add(seat);
    }
    for (const seat of touched) attend(seat);
    pump();
  });

  log.onReleased((deliveries) => {
    for (const delivery of deliveries) {
      const seat = seatOf(delivery.webhookId);
      if (!seat) continue;
      const before = seat.lane.inMemory;
      seat.lane.tellReleased(delivery);
      inMemory += seat.lane.inMemory - before;
      attend(seat);
    }
    pump();
  });

  registry.onChange((webhookId, registered) => {
    if (!registered) return remove(webhookId);
    const seat = seats.get(webhookId);
    if (!seat) return;
    apply(seat, registered);
    attend(seat);
    pump();
  });

  /** The lane of a webhook; `undefined` for a webhook that was deleted meanwhile. */
  function seatOf(webhookId: string): Seat | undefined {
    const known = seats.get(webhookId);
    if (known) return known;
    const registered = registry.get(webhookId);
    if (!registered) return undefined;
    const lane = new Lane(webhookId, registered.webhook.settings);
    lane.enabled = registered.webhook.status === 'enabled';
    const seat: Seat = { lane, holder: holdEndpoint(sender, registered), timer: null, timerAt: 0 };
    seats.set(webhookId, seat);
    return seat;
  }

  function apply({ lane, holder }: Seat, registered: RegisteredWebhook): void {
    lane.configure(registered.webhook.settings);
    lane.enabled = registered.webhook.status === 'enabled';
    holder.update(registered);
  }

  function remove(webhookId: string): void {
    skipAll(webhookId);
    const seat = seats.get(webhookId);
    if (!seat) return;
    seats.delete(webhookId);
    seat.timer?.cancel();
    inMemory -= seat.lane.inMemory;
    seat.lane.pending.clear();
    seat.lane.retries.clear();
    seat.holder.close();
  }

  function tryAgain(run: () => void): void {
    clock.setTimer(() => {
      if (!stopping) run();
    }, tryAgainMs);
  }

  /** Ends what waits for a webhook that was deleted. */
  function skipAll(webhookId: string): void {
    log
      .skipWaiting(webhookId, 'webhook_deleted', clock.now())
      .catch(() => tryAgain(() => skipAll(webhookId)));
  }

  /** Looks after a lane whose state changed: reloads it, puts it in the queue of the ready, sets its alarm. */
  function attend(seat: Seat): void {
    if (stopping || seats.get(seat.lane.webhookId) !== seat) return;
    const { lane } = seat;
    const now = clock.now();
    if (lane.enabled && lane.wantsPending) void loadPending(seat);
    if (lane.enabled && lane.wantsRetries(now)) void loadRetries(seat, now);
    if (!lane.isReady && lane.maySend(now) && lane.rate.readyAt(now) <= now) {
      lane.isReady = true;
      ready.push(seat);
    }
    setAlarm(seat, now);
  }

  function setAlarm(seat: Seat, now: number): void {
    const at = seat.lane.isReady ? null : seat.lane.wakeAt(now);
    if (seat.timer && seat.timerAt === at) return;
    seat.timer?.cancel();
    seat.timer = null;
    if (at === null) return;
    seat.timerAt = at;
    seat.timer = clock.setTimer(() => {
      seat.timer = null;
      attend(seat);
      pump();
    }, at - now);
  }

  /** Gives every ready lane one request in turn, while the process may have more. */
  function pump(): void {
    while (!stopping && inFlight < maxInFlight) {
      const seat = ready.shift();
      if (!seat) return;
      const { lane } = seat;
      lane.isReady = false;
      const delivery = lane.take(clock.now());
      if (delivery) {
        inMemory--;
        inFlight++;
        void send(seat, delivery);
      }
      attend(seat);
    }
  }

  async function send(seat: Seat, delivery: QueuedDelivery): Promise<void> {
    const outcome = await attempt(seat.holder.endpoint, delivery, options);
    seat.lane.underWay--;
    if (abandoned) return;
    learn(seat, outcome);
    const record = recordFor(seat, outcome.record);
    log.record(record, () => settled(seat, delivery, record));
    attend(seat);
    pump();
  }

  /** What the lane makes of an answer. */
  function learn(seat: Seat, { verdict }: AttemptOutcome): void {
    const { lane } = seat;
    if (verdict.overloaded || isStrain(verdict.errorClass)) lane.concurrency.struggled(clock.now());
    else lane.concurrency.answered(lane.underWay + 1);
    if (verdict.slowDownUntil !== null) lane.restUntil = Math.max(lane.restUntil, verdict.slowDownUntil);
    if (verdict.disable && lane.enabled) {
      lane.enabled = false;
      void disable(seat, verdict.disable);
    }
  }

  async function disable(seat: Seat, reason: string): Promise<void> {
    const { lane } = seat;
    try {
      await options.onDisable(lane.webhookId, reason);
    } catch {
      tryAgain(() => {
        if (!lane.enabled && seats.get(lane.webhookId) === seat) void disable(seat, reason);
      });
    }
  }

  /** A webhook that was deleted while its request was under way gets no retry. */
  function recordFor(seat: Seat, record: AttemptRecord): AttemptRecord {
    const deleted = seats.get(seat.lane.webhookId) !== seat;
    return deleted && record.after.state === 'retrying'
      ? { ...record, after: { state: 'skipped', reason: 'webhook_deleted' } }
      : record;
  }

  function settled(seat: Seat, delivery: QueuedDelivery, record: AttemptRecord): void {
    inFlight--;
    const { lane } = seat;
    lane.heldRetries.delete(delivery.id);
    if (record.after.state === 'retrying') {
      lane.retryAt(record.after.dueAt);
      if (seats.get(lane.webhookId) === seat) attend(seat);
      else skipAll(lane.webhookId);
    }
    options.onAttempt?.(record, delivery);
    if (inFlight === 0) onQuiet?.();
    pump();
  }

  async function loadPending(seat: Seat): Promise<void> {
    const { lane } = seat;
    lane.loadingPending = true;
    const asked = laneWindow / 2;
    const loaded = await log.loadPending(lane.webhookId, lane.lastPlace, asked).catch(() => null);
    if (seats.get(lane.webhookId) !== seat) return;
    if (!loaded) {
      tryAgain(() => {
        lane.loadingPending = false;
        attend(seat);
      });
      return;
    }
    lane.loadedPending(loaded, asked);
    inMemory += loaded.length;
    attend(seat);
    pump();
  }

  async function loadRetries(seat: Seat, now: number): Promise<void> {
    const { lane } = seat;
    lane.loadingRetries = true;
    lane.nextRetryAt = null;
    const limit = retryWindow + lane.heldRetries.size;
    const loaded = await log.loadRetries(lane.webhookId, now, limit).catch(() => null);
    if (seats.get(lane.webhookId) !== seat) return;
    if (!loaded) {
      lane.retryAt(now);
      tryAgain(() => {
        lane.loadingRetries = false;
        attend(seat);
      });
      return;
    }
    const before = lane.inMemory;
    lane.loadedRetries(loaded.due, loaded.nextRetryAt);
    inMemory += lane.inMemory - before;
    attend(seat);
    pump();
  }

  return {
    async start() {
      for (const summary of await log.waiting()) {
        const seat = seatOf(summary.webhookId);
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
    async replay(deliveryId) {
      const now = clock.now();
      const webhookId = await log.requeue(deliveryId, now);
      if (webhookId === null) return false;
      const seat = seatOf(webhookId);
      if (seat) {
        // A person wants it now, so a pause that the endpoint asked for earlier does not hold it.
        seat.lane.restUntil = 0;
        seat.lane.retryAt(now);
        attend(seat);
        pump();
      } else skipAll(webhookId);
      return true;
    },
    async stop(withinMs) {
      stopping = true;
      for (const seat of seats.values()) seat.timer?.cancel();
      if (inFlight > 0) {
        await new Promise<void>((resolve) => {
          const deadline = clock.setTimer(resolve, withinMs);
          onQuiet = () => {
            deadline.cancel();
            resolve();
          };
        });
      }
      abandoned = true;
    },
    status: () => ({ inFlight, lanes: seats.size, inMemory }),
  };
}

function isStrain(errorClass: AttemptRecord['errorClass']): boolean {
  switch (errorClass) {
    case 'timeout_connect':
    case 'timeout_headers':
    case 'timeout_body':
    case 'refused':
    case 'reset':
      return true;
    default:
      return false;
  }
}
