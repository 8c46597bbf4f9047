import { declaredLimits, limitError } from '../core/account-limits.ts';
import type { AttemptRecord, Conclusion, QueuedDelivery } from '../core/delivery.ts';
import { HookwireError } from '../core/errors.ts';
import { createDeliveryMatcher } from '../history/delivery-matcher.ts';
import type { DeliveryFilter, DeliveryWithEvent } from '../stores/ports/history.ts';
import { createLiveRelay, type LiveRelayOptions } from './live-relay.ts';

/** Why the gateway ends a stream. `crowded`: another account, which has fewer, takes its place. */
export type LiveEnd = 'stopping' | 'unauthorized' | 'crowded';

/** Who hears of deliveries as they happen. */
export interface LiveListener {
  /** Must not wait for anything: it is called within the work of the hot path. */
  deliver(delivery: DeliveryWithEvent): void;
  /** So many were left out, since more came than can be passed on from process to process. Some may not be what it asked for. */
  skip(count: number): void;
  end(reason: LiveEnd): void;
}

export interface LiveLimits {
  /** Listeners in all: each holds up to 256 KiB for a client that is slow. */
  readonly most: number;
  /** Listeners of one account; `null`: as many as there may be. */
  readonly mostOfAccount: (accountId: string) => number | null;
  /** Other processes, which send what is listened for here; `null`: there are none. */
  readonly others: Pick<LiveRelayOptions, 'messages' | 'areThereOthers' | 'clock'> | null;
}

/** Passes deliveries on to whoever listens, after every attempt. */
export interface LiveHub {
  /** Hears of every attempt; costs nothing while nobody listens. */
  attempted(record: AttemptRecord, delivery: QueuedDelivery): void;
  /** Hears of every delivery that ended without an attempt. */
  concluded(conclusion: Conclusion, delivery: QueuedDelivery): void;
  /**
   * @param accountId whose key listens; `null`: an operator's
   * @returns leaves the hub
   * @throws HookwireError `slow_down` when the account has enough listeners, `overloaded` when all have as many as it and
   * there is no place, `stopping` after the end
   */
  join(accountId: string | null, filter: DeliveryFilter, listener: LiveListener): () => void;
  readonly listeners: number;
  listenersOf(accountId: string): number;
  /** Ends every stream. */
  close(): void;
}

interface Seat {
  readonly accountId: string | null;
  readonly filter: DeliveryFilter;
  readonly matches: (delivery: DeliveryWithEvent) => boolean;
  readonly listener: LiveListener;
}

/** Of a slow client's 256 KiB each, 128 MiB at most. */
const usualMost = 500;

export function createLiveHub({
  most: mostInAll = usualMost,
  mostOfAccount = () => declaredLimits.liveStreams,
  others = null,
}: Partial<LiveLimits> = {}): LiveHub {
  /** The oldest first. */
  const seats = new Set<Seat>();
  /** Operators are as one account. */
  const counts = new Map<string | null, number>();
  let closed = false;
  const relay =
    others &&
    createLiveRelay({
      ...others,
      filters: () => [...seats].map(({ filter }) => filter),
      onDelivery: pass,
      onSkipped(accountId, count) {
        for (const { filter, listener } of seats)
          if (filter.accountId === null || filter.accountId === accountId) listener.skip(count);
      },
    });

  function leave(seat: Seat): void {
    if (!seats.delete(seat)) return;
    relay?.changed();
    const left = (counts.get(seat.accountId) ?? 0) - 1;
    if (left > 0) counts.set(seat.accountId, left);
    else counts.delete(seat.accountId);
  }

  /** Makes a place where there is none: whoever has the most gives one to whoever has fewer, also with it. */
  function makePlaceFor(own: number): void {
    const most = Math.max(...counts.values());
    const crowded = own + 1 < most && [...seats].find(({ accountId }) => counts.get(accountId) === most);
    if (!crowded) {
      const detail = `The gateway has ${mostInAll} live streams open, the most there can be; try again later.`;
      throw new HookwireError('overloaded', detail, { retryAfterSeconds: 30 });
    }
    leave(crowded);
    crowded.listener.end('crowded');
  }

  function takePlace(accountId: string | null): void {
    if (closed) throw new HookwireError('stopping', 'The gateway is stopping.', { retryAfterSeconds: 5 });
    const own = counts.get(accountId) ?? 0;
    const most = accountId === null ? null : mostOfAccount(accountId);
    if (most !== null && own >= most) throw limitError('liveStreams', most);
    if (seats.size >= mostInAll) makePlaceFor(own);
  }

  function pass(view: DeliveryWithEvent): void {
    for (const { matches, listener } of seats) if (matches(view)) listener.deliver(view);
  }

  const isHeard = (): boolean => seats.size > 0 || (relay?.isAsked ?? false);

  function passEverywhere(view: DeliveryWithEvent): void {
    pass(view);
    relay?.pass(view);
  }

  return {
    attempted(record, delivery) {
      if (isHeard()) passEverywhere(viewAfter(record, delivery));
    },
    concluded({ after, at }, delivery) {
      if (!isHeard()) return;
      const { id, webhookId, event, attempts, acceptedAt } = delivery;
      const known = { id, webhookId, event, attempts, acceptedAt, statusCode: null, errorClass: null };
      passEverywhere({
        ...{ ...known, state: after.state, stateReason: after.reason },
        ...{ nextAttemptAt: null, finishedAt: at },
      });
    },
    join(accountId, filter, listener) {
      takePlace(accountId);
      const seat: Seat = { accountId, filter, matches: createDeliveryMatcher(filter), listener };
      seats.add(seat);
      relay?.changed();
      counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
      return () => leave(seat);
    },
    get listeners() {
      return seats.size;
    },
    listenersOf: (accountId) => counts.get(accountId) ?? 0,
    close() {
      closed = true;
      for (const { listener } of [...seats]) listener.end('stopping');
      seats.clear();
      counts.clear();
      relay?.close();
    },
  };
}

/** A delivery as history shows it after an attempt. */
export function viewAfter(record: AttemptRecord, delivery: QueuedDelivery): DeliveryWithEvent {
  const { after } = record;
  const retrying = after.state === 'retrying';
  return {
    id: delivery.id,
    webhookId: delivery.webhookId,
    event: delivery.event,
    state: after.state,
    stateReason: 'reason' in after ? after.reason : null,
    attempts: record.number,
    nextAttemptAt: retrying ? after.dueAt : null,
    acceptedAt: delivery.acceptedAt,
    finishedAt: retrying ? null : record.startedAt + record.durationMs,
    statusCode: record.statusCode,
    errorClass: record.errorClass,
  };
}
