import type { Clock } from '../core/clock.ts';
import type { AttemptRecord, QueuedDelivery } from '../core/delivery.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { Shortage } from '../core/shortage.ts';
import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import { type Adapting, adapt } from './adapt.ts';
import type { GiveUp } from './give-up.ts';
import { judge } from './judge.ts';
import type { Ceiling } from './lanes/ceiling.ts';
import type { Lane } from './lanes/lane.ts';
import type { Lanes } from './lanes/lanes.ts';
import { type Deliveries, makeRequest } from './make-request.ts';
import { notSent } from './send/send-result.ts';
import type { HeldSlots, Slots } from './slots/slots.ts';

/** What delivering needs of the dispatcher. */
export interface DeliveringContext extends Adapting {
  readonly deliveryLog: Pick<DeliveryLog, 'record'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly lanes: Pick<Lanes, 'of' | 'isCurrent'>;
  readonly slots: Slots<Lane>;
  readonly ceiling: Ceiling;
  readonly giveUp: GiveUp;
  readonly tell: Pick<Required<DeliveryObserver>, 'attempted' | 'healthChanged' | 'paceLearnt'>;
  /** There is such a webhook. */
  exists(webhookId: string): boolean;
  /** What is known of a lane changed, so that it may have something to do. */
  refresh(lane: Lane): void;
  /** Slots were freed, or lanes refreshed. */
  giveTurns(): void;
  /** Something of this webhook is due in the store, or to be skipped there. */
  wake(webhookId: string): void;
  /** One of a lane's deliveries holds no slot any more. */
  freed(lane: Lane): void;
  /** Somebody asked for it while it was under way. */
  sendAgain(delivery: QueuedDelivery): void;
}

/** The way of deliveries, from a lane's turn to what became of them on disk. */
export interface Delivering {
  /** It is a lane's turn: sends its next request, if there is one. */
  turn(lane: Lane): void;
  /** Requests at endpoints; what they were answered may not be recorded yet. */
  readonly requests: number;
  /** A webhook's deliveries that are sent or being sent, and not yet recorded. */
  underWay(webhookId: string): ReadonlySet<string>;
  /** What is answered from now on is not recorded. */
  abandon(): void;
}

/**
 * ```text
 * turn: take ──▸ deliver: render and sign ──▸ send ──▸ classify ──▸ adapt ──▸ record ──▸ (on disk) recorded
 *                           └─ the machine is short of something ──▸ giveBack
 * ```
 */
export function createDelivering(context: DeliveringContext): Delivering {
  const {
    deliveryLog,
    clock,
    random,
    lanes,
    slots,
    ceiling,
    giveUp,
    tell,
    exists,
    refresh,
    giveTurns,
    wake,
  } = context;
  const underWay = new Set<QueuedDelivery>();
  let requests = 0;
  let abandoned = false;

  function turn(lane: Lane): void {
    const now = clock.now();
    giveUp.heads(lane, now);
    const taken = lane.take(now, slots.room(lane));
    // Retries, and reports that waited for their turn, do not lie in the order of their age.
    const [first, ...more] = taken.filter((delivery) => !giveUp.one(lane, delivery, now));
    if (first) void deliver(lane, [first, ...more]);
    else if (taken.length > 0) lane.underWay--;
  }

  async function deliver(lane: Lane, deliveries: Deliveries): Promise<void> {
    const { endpoint, era } = lane;
    const round = lane.rounds.current;
    round.underWay += deliveries.length;
    for (const delivery of deliveries) underWay.add(delivery);
    const startedAt = clock.now();
    const kind = lane.health.breaker.started();
    const held = slots.take(
      lane,
      deliveries.map(({ size }) => size),
    );
    requests++;
    const request = makeRequest(endpoint, deliveries, startedAt);
    const result = await ('error' in request
      ? notSent(startedAt, request.error)
      : endpoint.channel.send(request, endpoint.settings.timeoutMs));
    requests--;
    lane.underWay--;
    if (abandoned) return;
    if (result.shortage) {
      for (const delivery of deliveries) underWay.delete(delivery);
      short(lane, result.shortage);
      giveBack(lane, deliveries, kind, held);
      lane.rounds.ended(round, deliveries.length);
    } else {
      const bytes = deliveries.length > 1 && 'body' in request ? Buffer.byteLength(request.body ?? '') : 0;
      const answered = { startedAt, result, bytes, now: clock.now(), random };
      const { verdict, records } = judge(endpoint, deliveries, answered, lane.lists);
      ceiling.left(startedAt);
      lane.kept.worked(startedAt);
      const isRetry = deliveries.every(({ attemptsSinceReplay }) => attemptsSinceReplay > 0);
      if (lane.era === era) adapt(lane, verdict, { kind, isRetry, startedAt }, context);
      records.forEach((made, i) => {
        const delivery = deliveries[i];
        const record = orSkipped(made);
        if (delivery) {
          deliveryLog.record(
            record,
            () => {
              recorded(lane, delivery, record, held);
              lane.rounds.ended(round, 1);
            },
            () => {
              lost(lane, delivery, held);
              lane.rounds.ended(round, 1);
            },
          );
        }
      });
    }
    refresh(lane);
    giveTurns();
  }

  /** A webhook that was deleted while its request was under way gets no retry, unless it was restored. */
  function orSkipped(record: AttemptRecord): AttemptRecord {
    return record.after.state === 'retrying' && !exists(record.webhookId)
      ? { ...record, after: { state: 'skipped', reason: 'webhook_deleted' } }
      : record;
  }

  /** An attempt and its effect are on disk. */
  function recorded(lane: Lane, delivery: QueuedDelivery, record: AttemptRecord, held: HeldSlots): void {
    underWay.delete(delivery);
    const { after } = record;
    if (after.state === 'retrying') {
      const current = lanes.of(lane.webhookId);
      current?.backlog.retryAt(after.dueAt);
      if (current) refresh(current);
      else wake(lane.webhookId);
    }
    tell.attempted(record, delivery);
    if (lane.backlog.recorded(delivery.id)) context.sendAgain(delivery);
    held.free(delivery.size);
    context.freed(lane);
    // It may give all its memory back now.
    if (!lane.enabled) refresh(lane);
    giveTurns();
  }

  /** Its webhook is another process's meanwhile, which sends it again and records that. */
  function lost(lane: Lane, delivery: QueuedDelivery, held: HeldSlots): void {
    underWay.delete(delivery);
    lane.backlog.recorded(delivery.id);
    held.free(delivery.size);
    context.freed(lane);
    giveTurns();
  }

  /**
   * Puts back what did not leave because the machine was short of something: nothing is recorded, so in the store it never
   * left its place, and of the endpoint nothing was learnt.
   */
  function giveBack(lane: Lane, deliveries: Deliveries, kind: 'normal' | 'probe', held: HeldSlots): void {
    lane.health.breaker.withdrawn(kind);
    if (lanes.isCurrent(lane)) lane.backlog.giveBack(deliveries);
    else wake(lane.webhookId);
    for (const { size } of deliveries) {
      held.free(size);
      context.freed(lane);
    }
  }

  /**
   * Ports are short towards one address, look-ups for one account, and not everybody takes the proxy; the rest is short for
   * everybody.
   */
  function short(lane: Lane, of: Shortage): void {
    if (of === 'ports' || of === 'lookups' || of === 'way_out') lane.kept.trouble(clock.now());
    else ceiling.short(slots.inFlight, clock.now());
  }

  return {
    turn,
    get requests() {
      return requests;
    },
    underWay: (webhookId) =>
      new Set([...underWay].filter((each) => each.webhookId === webhookId).map(({ id }) => id)),
    abandon() {
      abandoned = true;
    },
  };
}
