import type { Clock, Timer } from '../core/clock.ts';
import type { EventHead } from '../core/event.ts';
import { createDeliveryMatcher } from '../history/delivery-matcher.ts';
import type { DeliveryFilter, DeliveryWithEvent } from '../stores/ports/history.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';

/** Passes deliveries on to the processes in which somebody listens for them. */
export interface LiveRelay {
  /** Somebody listens elsewhere. */
  readonly isAsked: boolean;
  pass(delivery: DeliveryWithEvent): void;
  /** Somebody has begun to listen here, or has left. */
  changed(): void;
  close(): void;
}

export interface LiveRelayOptions {
  readonly messages: Pick<ProcessMessages, 'tell' | 'on'>;
  readonly areThereOthers: () => boolean;
  readonly clock: Pick<Clock, 'elapsed' | 'setTimer'>;
  /** What those want who listen here. */
  readonly filters: () => readonly DeliveryFilter[];
  /** Another process has sent it; without `attributes` and `message`, which nobody is shown. */
  readonly onDelivery: (delivery: DeliveryWithEvent) => void;
  /** Another process has left out so many of an account's. */
  readonly onSkipped: (accountId: string, count: number) => void;
}

interface LiveBody {
  readonly deliveries: readonly DeliveryWithEvent[];
  readonly skipped: readonly (readonly [string, number])[];
}

/** What a process wants, and until when. */
interface Asker {
  readonly matchers: readonly ((delivery: DeliveryWithEvent) => boolean)[];
  readonly until: number;
  deliveries: DeliveryWithEvent[];
  skipped: Map<string, number>;
  /** In the second that began then, by account. */
  secondAt: number;
  sent: Map<string, number>;
  sentInAll: number;
}

const wantsKind = 'live-wants';
const liveKind = 'live';
/** What is wanted is said as soon as it changes, and again and again: where a process is gone, nothing is sent to it any more. */
const sayWithinMs = 100;
const sayEveryMs = 3_000;
const askedForMs = 10_000;
const mostFilters = 100;
const gatherMs = 100;
const mostGathered = 200;
/** A second, to one process: what a stream of one client takes is less by far. */
const mostOfAccount = 500;
const mostInAll = 2_000;

/**
 * ```text
 * listens here ── live-wants { filters } to all, each 3 s ──▸ sends there
 *      ▲───────── live { deliveries, skipped }, each 100 ms ◂───┘ what matches: 500 a second of an account, 2,000 in all
 * ```
 */
export function createLiveRelay(options: LiveRelayOptions): LiveRelay {
  const { messages, areThereOthers, clock, filters, onDelivery, onSkipped } = options;
  const askers = new Map<string, Asker>();
  let saying: Timer | null = null;
  let gathering: Timer | null = null;
  let said = '[]';
  let closed = false;

  function sayIn(ms: number): void {
    saying?.cancel();
    saying = closed ? null : clock.setTimer(say, ms);
  }

  function say(): void {
    const wanted = fewer(filters());
    const text = JSON.stringify(wanted);
    if (areThereOthers() && (wanted.length > 0 || text !== said)) messages.tell(null, wantsKind, wanted);
    said = text;
    saying = null;
    if (wanted.length > 0) sayIn(sayEveryMs);
  }

  messages.on(wantsKind, (wanted, from) => {
    const matchers = (wanted as readonly DeliveryFilter[]).map((filter) => createDeliveryMatcher(filter));
    const before = askers.get(from);
    if (matchers.length === 0) {
      askers.delete(from);
      return;
    }
    askers.set(from, {
      ...(before ?? {
        ...{ deliveries: [], skipped: new Map<string, number>() },
        ...{ secondAt: clock.elapsed(), sent: new Map<string, number>(), sentInAll: 0 },
      }),
      ...{ matchers, until: clock.elapsed() + askedForMs },
    });
  });

  messages.on(liveKind, (body) => {
    const { deliveries, skipped } = body as LiveBody;
    for (const delivery of deliveries) onDelivery(delivery);
    for (const [accountId, count] of skipped) onSkipped(accountId, count);
  });

  function isWithinBounds(asker: Asker, accountId: string, now: number): boolean {
    if (now - asker.secondAt >= 1_000) {
      asker.secondAt = now;
      asker.sent.clear();
      asker.sentInAll = 0;
    }
    const sent = asker.sent.get(accountId) ?? 0;
    if (sent >= mostOfAccount || asker.sentInAll >= mostInAll) return false;
    asker.sent.set(accountId, sent + 1);
    asker.sentInAll++;
    return true;
  }

  function send(): void {
    gathering?.cancel();
    gathering = null;
    for (const [processId, asker] of askers) {
      const { deliveries, skipped } = asker;
      if (deliveries.length === 0 && skipped.size === 0) continue;
      const body: LiveBody = { deliveries, skipped: [...skipped] };
      [asker.deliveries, asker.skipped] = [[], new Map()];
      messages.tell(processId, liveKind, body);
    }
  }

  return {
    get isAsked() {
      return askers.size > 0;
    },
    pass(delivery) {
      const now = clock.elapsed();
      const { accountId } = delivery.event;
      for (const [processId, asker] of askers) {
        if (now >= asker.until) {
          askers.delete(processId);
          continue;
        }
        if (!asker.matchers.some((matches) => matches(delivery))) continue;
        if (isWithinBounds(asker, accountId, now)) asker.deliveries.push(shown(delivery));
        else asker.skipped.set(accountId, (asker.skipped.get(accountId) ?? 0) + 1);
        if (asker.deliveries.length >= mostGathered) send();
        else gathering ??= clock.setTimer(send, gatherMs);
      }
    },
    changed: () => sayIn(sayWithinMs),
    close() {
      closed = true;
      saying?.cancel();
      gathering?.cancel();
      if (said !== '[]') messages.tell(null, wantsKind, []);
    },
  };
}

/** Each once; of very many, all that is theirs of the accounts. */
function fewer(filters: readonly DeliveryFilter[]): readonly DeliveryFilter[] {
  const distinct = unique(filters);
  if (distinct.length <= mostFilters) return distinct;
  if (filters.some(({ accountId }) => accountId === null)) return [{ accountId: null }];
  return unique(filters.map(({ accountId }) => ({ accountId })));
}

function unique(filters: readonly DeliveryFilter[]): readonly DeliveryFilter[] {
  return [...new Map(filters.map((filter) => [JSON.stringify(filter), filter])).values()];
}

/** By name: an event that was stored has no fields that could be copied (`core/stored-event.ts`). */
const shownFields = Object.keys({
  ...{ id: true, accountId: true, product: true, reportType: true, productUniqueId: true },
  ...{ transactionId: true, messageId: true, part: true, status: true, errorCode: true },
  ...{ mobileNumber: true, userId: true, profileName: true, receivedTime: true, sentTime: true },
  ...{ deliveredTime: true, readTime: true, cut: true },
} satisfies Record<keyof EventHead, true>) as (keyof EventHead)[];

function shown(delivery: DeliveryWithEvent): DeliveryWithEvent {
  const { event } = delivery;
  const head = Object.fromEntries(shownFields.map((field) => [field, event[field]])) as unknown as EventHead;
  return { ...delivery, event: { ...head, attributes: null, message: null } };
}
