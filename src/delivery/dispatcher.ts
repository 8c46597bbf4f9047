import type { Clock } from '../core/clock.ts';
import type { QueuedDelivery } from '../core/delivery.ts';
import { type DeliveryObserver, type OpenBreaker, tellAll } from '../core/delivery-observer.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { CourierLog, WaitingSummary } from '../stores/ports/delivery-log.ts';
import { createDelivering } from './delivering.ts';
import { type EndingDeliveries, expire } from './expire.ts';
import { createGiveUp } from './give-up.ts';
import { Alarm } from './lanes/alarm.ts';
import { createCeiling } from './lanes/ceiling.ts';
import type { Lane } from './lanes/lane.ts';
import { createLanes } from './lanes/lanes.ts';
import { createLaneMemory } from './lanes/memory.ts';
import { createLeaving } from './leaving.ts';
import { type Reloading, reload } from './reload.ts';
import { type ReplayContext, type ReplayRequest, replay } from './replay.ts';
import type { RequestSender } from './send/sender.ts';
import { createSlots } from './slots/slots.ts';

export interface DispatcherOptions {
  readonly deliveryLog: CourierLog;
  readonly registry: Pick<WebhookRegistry, 'get' | 'onChange'>;
  readonly sender: RequestSender;
  readonly clock: Clock;
  readonly random: () => number;
  /** Deliveries under way at once: sent or being sent, and not yet recorded. After a crash at most these come twice. */
  readonly maxInFlight: number;
  /** Where others send too and share what may be in flight. */
  readonly share?: {
    /** Nothing may be sent now: whether the webhooks are this process's still is not known. */
    isLate?(): boolean;
    /** How many of `maxInFlight` slots this dispatcher may have now. @param held slots that it has */
    most(held: number): number;
    /** So many of its deliveries are in flight now; more is told before it is sent. */
    has(inFlight: number): void;
  };
  /** Deliveries that all lanes together may hold before memory is short. Default: {@link memoryBudget}. */
  readonly mostInMemory?: number;
  /** How long nothing but failures lets a webhook be disabled. Default 5 days. */
  readonly deadAfterMs?: number;
  /** Which webhooks are this process's to send for; without: all. */
  readonly owns?: (webhookId: string) => boolean;
  /** Whether a webhook that the registry does not have was deleted; without: it was. */
  readonly isDeleted?: (webhookId: string) => Promise<boolean>;
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
  /** Takes up what waits in the store; of the webhooks asked for, without: of all. May be called again. */
  start(isAsked?: (webhookId: string) => boolean): Promise<void>;
  /** Webhooks came to this process of which these breakers are open. */
  knowBreakers(open: readonly OpenBreaker[]): void;
  /** Sends nothing more of these webhooks, which are not its own any more. */
  letGo(isAsked: (webhookId: string) => boolean): void;
  /** Resolves when nothing of these webhooks is under way that was begun before they were let go of, or deleted. */
  quiet(isAsked: (webhookId: string) => boolean): Promise<void>;
  /** It may send again, after it was late. */
  goOn(): void;
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
  /**
   * Ends these deliveries of a webhook, as far as they wait, and lets go of what memory has of them; resolves when none of
   * them is under way any more. What an endpoint was sent until then is recorded as ever.
   */
  drop(webhookId: string, deliveryIds: readonly string[], reason: string): Promise<void>;
  /**
   * Ends these deliveries of a webhook as failed (`expired`), as far as they wait: what they would send is not kept any longer.
   * What is under way is left.
   */
  expire(webhookId: string, deliveryIds: readonly string[]): Promise<void>;
  /** The machine is short of descriptors or memory: less is sent at once for a while. */
  slowDown(): void;
  /**
   * Starts nothing more and waits for what is under way, `withinMs` at most; while the store cannot write, only for answers. What has not ended by then is not
   * recorded: it goes out again after the next start.
   */
  stop(withinMs: number): Promise<void>;
  status(): DispatcherStatus;
  /** As in {@link Dispatcher.status}, for next to nothing. */
  inFlight(): number;
}

/** How long to wait when the store, or saving that a webhook is disabled, failed. */
const tryAgainMs = 1_000;
/** How often a stop looks whether anything is still to come. */
const lookMs = 250;
const fiveDaysMs = 5 * 24 * 60 * 60 * 1000;

/**
 * ```text
 * store tells of new deliveries ──▸ lane ──▸ in line for a slot ──▸ its turn: a request (delivering.ts) ──▸ recorded
 *                                    ▲                                                                    │ retry at
 *                                    └─────── alarm: retry due, pause over, batch, rate, probe ◂──────────┘
 * ```
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { deliveryLog, registry, clock, maxInFlight, share, deadAfterMs = fiveDaysMs } = options;
  const { owns = () => true, isDeleted = null } = options;
  const tell = tellAll(options.observers);
  const slots = createSlots<Lane>(maxInFlight, share?.has);
  const ceiling = createCeiling(maxInFlight);
  const ceilingAlarm = new Alarm(clock, giveTurns);
  const memory = createLaneMemory(options.mostInMemory);
  const lanes = createLanes({
    ...options,
    ...{ deadAfterMs, memory, tell, isLeft: deliveryLog.isLeft },
    wake: refreshAndGiveTurns,
  });
  const leaving = createLeaving();
  let stopping = false;
  let onQuiet: (() => void) | null = null;

  const ending: EndingDeliveries = new Set();
  const giveUp = createGiveUp({ deliveryLog, tell, sendAgain, ending });
  const replaying: ReplayContext = { deliveryLog, registry, clock, lanes, wake };
  const reloading: Reloading = { deliveryLog, memory, lanes, tryAgain, refresh: refreshAndGiveTurns };
  const delivering = createDelivering({
    ...options,
    ...{ lanes, slots, ceiling, giveUp, tell, refresh, giveTurns, wake, freed, sendAgain, tryAgain },
    exists: (webhookId) => registry.get(webhookId) !== undefined,
  });

  const takeNew = (deliveries: readonly QueuedDelivery[]): void =>
    take(deliveries, (lane, delivery) => {
      lane.backlog.tell(delivery, memory.window);
      if (lane.backlog.spilled) deliveryLog.leave(lane.webhookId);
    });
  deliveryLog.onAccepted(takeNew);
  deliveryLog.onArrived(takeNew);
  deliveryLog.onMore((webhookId) => {
    takeUp({ webhookId, pending: true, nextRetryAt: null });
    giveTurns();
  });
  deliveryLog.onReleased((deliveries) =>
    take(deliveries, (lane, delivery) => lane.backlog.tellReleased(delivery)),
  );
  deliveryLog.onOutdated(tell.concluded);
  registry.onChange((webhookId, registered) => {
    const lane = lanes.known(webhookId);
    if (lane) slots.leave(lane);
    if (!registered) {
      deliveryLog.heedAgain(webhookId);
      skipAll(webhookId, true);
      if (lane) leaving.add(lane);
      tell.breakerChanged(webhookId, null);
      lanes.remove(webhookId);
      return;
    }
    if (!lane) {
      lanes.forget(webhookId);
      return;
    }
    lane.configure(registered);
    refreshAndGiveTurns(lane);
  });

  function take(
    deliveries: readonly QueuedDelivery[],
    into: (lane: Lane, delivery: QueuedDelivery) => void,
  ): void {
    const touched = new Set<Lane>();
    // A call waits for its commits, and its webhook may be deleted meanwhile.
    const unknown = new Set<string>();
    for (const delivery of deliveries) {
      const lane = lanes.of(delivery.webhookId);
      if (!lane) {
        unknown.add(delivery.webhookId);
        continue;
      }
      into(lane, delivery);
      touched.add(lane);
    }
    for (const webhookId of unknown) skipAll(webhookId);
    for (const lane of touched) refresh(lane);
    giveTurns();
  }

  function tryAgain(run: () => void): void {
    clock.setTimer(() => {
      if (!stopping) run();
    }, tryAgainMs);
  }

  /**
   * Ends what waits for a webhook that was deleted; one that was restored meanwhile has seen to it.
   * @param isKnownToBe the registry has said that it was deleted
   */
  function skipAll(webhookId: string, isKnownToBe = false): void {
    if (registry.get(webhookId) || !owns(webhookId)) return;
    const skipping = isKnownToBe || !isDeleted ? skip(webhookId) : skipIfDeleted(webhookId, isDeleted);
    skipping.catch(() => tryAgain(() => skipAll(webhookId)));
  }

  async function skip(webhookId: string): Promise<void> {
    const reason = 'webhook_deleted';
    const deliveries = await deliveryLog.skipWaiting(webhookId, reason, clock.now());
    if (deliveries > 0) tell.skipped(webhookId, reason, deliveries);
  }

  /** One that is not known may have been made a moment ago, elsewhere. */
  async function skipIfDeleted(webhookId: string, ask: (id: string) => Promise<boolean>): Promise<void> {
    if ((await ask(webhookId)) && !registry.get(webhookId)) await skip(webhookId);
    else {
      takeUp({ webhookId, pending: true, nextRetryAt: clock.now() });
      giveTurns();
    }
  }

  /** Something waits for a webhook in the store. */
  function takeUp({ webhookId, pending, nextRetryAt }: WaitingSummary): void {
    const lane = lanes.of(webhookId);
    if (!lane) {
      skipAll(webhookId);
      return;
    }
    if (pending) lane.backlog.tellOfMore();
    if (nextRetryAt !== null) lane.backlog.retryAt(nextRetryAt);
    refresh(lane);
  }

  /** What is known of a lane changed: loads what it lacks, gets it in line for a slot, sets its alarm. */
  function refresh(lane: Lane): void {
    if (stopping || !lanes.isCurrent(lane)) return;
    const now = clock.now();
    giveUp.heads(lane, now);
    if (memory.isShort) lane.giveMemoryBack(now);
    const againAt = reload(lane, now, reloading);
    if (slots.has(lane) || lane.maySend(now)) slots.ready(lane, lane.health.isProved(now));
    lane.alarm.set(slots.has(lane) ? null : (againAt ?? lane.wakeAt(now)));
  }

  function refreshAndGiveTurns(lane: Lane): void {
    refresh(lane);
    giveTurns();
  }

  function giveTurns(): void {
    giveAll();
    share?.has(slots.inFlight);
  }

  /** Gives lanes that wait for slots their turns, one request each, while there are slots. */
  function giveAll(): void {
    const startedAt = clock.now();
    const most = ceiling.at(startedAt);
    if (!stopping) ceilingAlarm.set(ceiling.changesAt(startedAt));
    if (ceiling.startsAt(startedAt) > startedAt || share?.isLate?.()) return;
    while (!stopping && !share?.isLate?.()) {
      slots.limit(Math.min(most, share?.most(slots.held) ?? maxInFlight));
      const lane = slots.next();
      if (!lane) return;
      delivering.turn(lane);
      refresh(lane);
    }
  }

  function freed(lane: Lane): void {
    leaving.freed(lane);
    if (slots.inFlight === 0) onQuiet?.();
  }

  function slowDown(): void {
    ceiling.short(slots.inFlight, clock.now());
  }

  function wake(webhookId: string): void {
    const lane = lanes.of(webhookId);
    if (!lane) {
      skipAll(webhookId);
      return;
    }
    lane.backlog.retryAt(clock.now());
    refreshAndGiveTurns(lane);
  }

  /** Somebody asked for it before what became of it was on disk. */
  function sendAgain(delivery: QueuedDelivery): void {
    replay(delivery, replaying).catch(() => tryAgain(() => sendAgain(delivery)));
  }

  return {
    async start(isAsked = () => true) {
      for (const summary of await deliveryLog.waiting()) if (isAsked(summary.webhookId)) takeUp(summary);
      giveTurns();
    },
    knowBreakers: lanes.knowBreakers,
    letGo(isAsked) {
      const gone = [...lanes].filter(({ webhookId }) => isAsked(webhookId));
      for (const lane of gone) {
        slots.leave(lane);
        deliveryLog.heedAgain(lane.webhookId);
        leaving.add(lane);
        lanes.remove(lane.webhookId);
      }
    },
    quiet: leaving.quiet,
    goOn: giveTurns,
    async clockSetBack() {
      for (const { webhookId, nextRetryAt } of await deliveryLog.waiting()) {
        const lane = lanes.of(webhookId);
        if (!lane) continue;
        if (nextRetryAt !== null) lane.backlog.retryAt(nextRetryAt);
        refresh(lane);
      }
      giveTurns();
    },
    replay: (delivery) => replay(delivery, replaying),
    wake,
    gone: leaving.gone,
    async drop(webhookId, deliveryIds, reason) {
      const ids = new Set(deliveryIds);
      for (let settled = false; ; settled = true) {
        // Where order is wanted, the next of a message may not go before what is under way has ended.
        const sent = delivering.underWay(webhookId);
        const idle = deliveryIds.filter((id) => !sent.has(id));
        lanes.known(webhookId)?.backlog.drop(new Set(idle));
        const skipped = await deliveryLog.skipDeliveries(webhookId, idle, reason, clock.now());
        const lane = lanes.known(webhookId);
        // What a load brought before the store's answer; no later one brings them.
        const dropped = lane?.backlog.drop(new Set(idle)) ?? 0;
        if (skipped > 0) tell.skipped(webhookId, reason, skipped);
        if (lane) refreshAndGiveTurns(lane);
        // What was under way may have come back since.
        if (settled && idle.length === ids.size && skipped + dropped === 0) return;
        await (lane?.rounds.settled() ?? leaving.gone(webhookId));
      }
    },
    async expire(webhookId, deliveryIds) {
      const { underWay } = delivering;
      await expire(webhookId, deliveryIds, { deliveryLog, clock, lanes, tell, ending, underWay });
      const lane = lanes.known(webhookId);
      if (lane) refreshAndGiveTurns(lane);
    },
    slowDown() {
      slowDown();
      giveTurns();
    },
    async stop(withinMs) {
      stopping = true;
      ceilingAlarm.set(null);
      for (const lane of lanes) lane.alarm.set(null);
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
            if (delivering.requests === 0 && deliveryLog.health.problem !== null) end();
            else looking = clock.setTimer(look, lookMs);
          }
        });
      }
      delivering.abandon();
      leaving.end();
    },
    inFlight: () => slots.inFlight,
    status() {
      const all = [...lanes];
      return {
        inFlight: slots.inFlight,
        mostInFlight: ceiling.at(clock.now()),
        lanes: all.length,
        inMemory: memory.held,
        openBreakers: all.filter(({ health }) => health.breaker.state !== 'closed').length,
        disabledLanes: all.filter(({ enabled }) => !enabled).length,
      };
    },
  };
}
