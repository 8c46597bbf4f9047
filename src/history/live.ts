import type { AttemptRecord, Conclusion, QueuedDelivery } from '../core/delivery.ts';
import { HookwireError } from '../core/errors.ts';
import type { DeliveryFilter, DeliveryView } from '../stores/ports/history.ts';
import { createDeliveryMatcher } from './delivery-matcher.ts';

/** Why the gateway ends a stream. */
export type LiveEnd = 'stopping' | 'unauthorized';

/** Who hears of deliveries as they happen. */
export interface LiveListener {
  /** Must not wait for anything: it is called within the work of the hot path. */
  deliver(delivery: DeliveryView): void;
  end(reason: LiveEnd): void;
}

export interface LiveLimits {
  /** Listeners in all. */
  readonly most: number;
  /** Listeners with keys of one account, so that no account takes the places of the others. */
  readonly mostOfAccount: number;
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
   * @throws HookwireError `overloaded` when there are enough listeners, `stopping` after the end
   */
  join(accountId: string | null, filter: DeliveryFilter, listener: LiveListener): () => void;
  readonly listeners: number;
  /** Ends every stream. */
  close(): void;
}

interface Seat {
  readonly accountId: string | null;
  readonly matches: (delivery: DeliveryView) => boolean;
  readonly listener: LiveListener;
}

export function createLiveHub(limits: LiveLimits = { most: 100, mostOfAccount: 10 }): LiveHub {
  const seats = new Set<Seat>();
  let closed = false;

  function refuse(accountId: string | null): HookwireError | null {
    if (closed) return new HookwireError('stopping', 'The gateway is stopping.', { retryAfterSeconds: 5 });
    const full = (who: string, most: number) =>
      new HookwireError('overloaded', `${who} ${most} live streams open, the most there can be; close one.`, {
        retryAfterSeconds: 30,
      });
    if (seats.size >= limits.most) return full('The gateway has', limits.most);
    if (accountId === null) return null;
    let own = 0;
    for (const seat of seats) if (seat.accountId === accountId) own++;
    return own >= limits.mostOfAccount ? full('The account has', limits.mostOfAccount) : null;
  }

  function pass(view: DeliveryView): void {
    for (const { matches, listener } of seats) if (matches(view)) listener.deliver(view);
  }

  return {
    attempted(record, delivery) {
      if (seats.size > 0) pass(viewAfter(record, delivery));
    },
    concluded({ after, at }, delivery) {
      if (seats.size === 0) return;
      const { id, webhookId, event, attempts, acceptedAt } = delivery;
      const known = { id, webhookId, event, attempts, acceptedAt, statusCode: null, errorClass: null };
      pass({ ...known, state: after.state, stateReason: after.reason, nextAttemptAt: null, finishedAt: at });
    },
    join(accountId, filter, listener) {
      const refusal = refuse(accountId);
      if (refusal) throw refusal;
      const seat: Seat = { accountId, matches: createDeliveryMatcher(filter), listener };
      seats.add(seat);
      return () => void seats.delete(seat);
    },
    get listeners() {
      return seats.size;
    },
    close() {
      closed = true;
      for (const { listener } of [...seats]) listener.end('stopping');
      seats.clear();
    },
  };
}

/** A delivery as history shows it after an attempt. */
export function viewAfter(record: AttemptRecord, delivery: QueuedDelivery): DeliveryView {
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
