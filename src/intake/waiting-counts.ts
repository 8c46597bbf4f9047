import type { Clock, Timer } from '../core/clock.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { WebhookRegistry } from '../routing/registry.ts';

/**
 * How many deliveries of each account wait, in memory, since it is asked for every event.
 *
 * It follows what becomes of deliveries, and is put right by counting in the store: at the start, after what it cannot
 * follow (webhooks deleted, deliveries sent again), and every minute. A count costs a thread of the store some 50 ns a
 * delivery, so there is a hundred times as long between two as one takes.
 */
export interface WaitingCounts
  extends Pick<Required<DeliveryObserver>, 'attempted' | 'concluded' | 'skipped' | 'requeued'> {
  of(accountId: string): number;
  /** @param deliveries less than 0: they wait no more */
  add(accountId: string, deliveries: number): void;
  /** Something happened that this cannot follow: counts soon. */
  recount(): void;
  close(): void;
}

export interface WaitingCountsOptions {
  readonly clock: Clock;
  /** What waits by account; accounts of which nothing waits may be left out. */
  readonly count: () => Promise<ReadonlyMap<string, number>>;
  readonly registry: Pick<WebhookRegistry, 'onChange'>;
  readonly log: { warn(details: object, message: string): void };
}

const everyMs = 60_000;
const soonMs = 1_000;
const restPerWork = 100;

interface Known {
  waiting: number;
  /** Deliveries that came or went, to tell what a count may have missed. */
  moved: number;
}

export function createWaitingCounts({ clock, count, registry, log }: WaitingCountsOptions): WaitingCounts {
  const known = new Map<string, Known>();
  let timer: { readonly at: number; readonly due: Timer } | null = null;
  let counting = false;
  let again = false;
  let closed = false;
  /** Until when the store rests from counting. */
  let restUntil = 0;

  function knownOf(accountId: string): Known {
    const found = known.get(accountId);
    if (found) return found;
    const made = { waiting: 0, moved: 0 };
    known.set(accountId, made);
    return made;
  }

  /** Unless it is to be counted earlier anyway. */
  function countAt(at: number): void {
    if (closed || counting || (timer && timer.at <= at)) return;
    timer?.due.cancel();
    timer = { at, due: clock.setTimer(() => void putRight(), at - clock.now()) };
  }

  /** Where deliveries moved while it was counted, the count may be off by as many; then a smaller difference says nothing. */
  async function putRight(): Promise<void> {
    timer = null;
    const askedAt = clock.now();
    const movedBefore = new Map([...known].map(([id, { moved }]) => [id, moved]));
    counting = true;
    again = false;
    try {
      const counted = await count();
      for (const id of counted.keys()) knownOf(id);
      for (const [id, account] of known) {
        const now = counted.get(id) ?? 0;
        const moved = account.moved - (movedBefore.get(id) ?? 0);
        if (Math.abs(now - account.waiting) > moved) account.waiting = now;
        if (account.waiting === 0 && moved === 0) known.delete(id);
      }
    } catch (error) {
      if (!closed) log.warn({ err: error }, 'What waits could not be counted; it is tried again.');
    } finally {
      counting = false;
      const now = clock.now();
      restUntil = now + (now - askedAt) * restPerWork;
      countAt(Math.max(now + (again ? soonMs : everyMs), restUntil));
    }
  }

  function add(accountId: string, deliveries: number): void {
    const account = knownOf(accountId);
    account.waiting += deliveries;
    account.moved += Math.abs(deliveries);
  }

  function recount(): void {
    again = counting;
    countAt(Math.max(clock.now() + soonMs, restUntil));
  }

  // What waits for a webhook that was deleted ends, and what was skipped for one that comes back waits again.
  registry.onChange((_, now) => {
    if (now === null) recount();
  });
  void putRight();
  return {
    of: (accountId) => Math.max(0, known.get(accountId)?.waiting ?? 0),
    add,
    recount,
    attempted({ after }, { event }) {
      if (after.state !== 'retrying') add(event.accountId, -1);
    },
    concluded: (_, { event }) => add(event.accountId, -1),
    skipped: recount,
    requeued: recount,
    close() {
      closed = true;
      timer?.due.cancel();
    },
  };
}
