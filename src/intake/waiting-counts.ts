import { createBell } from '../core/bell.ts';
import type { Clock, Timer } from '../core/clock.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';
import { createWaitingNews, tellEveryMs } from './waiting-news.ts';

/**
 * How many deliveries of each account wait, in memory, since it is asked for every event.
 *
 * It follows what becomes of deliveries, and is put right by counting in the store: at the start, after what it cannot
 * follow (webhooks deleted, deliveries sent again), and every minute. A count costs a thread of the store some 50 ns a
 * delivery, so there is a hundred times as long between two as one takes.
 *
 * Where several processes share the store, one accepts what another delivers: they tell each other each second. So each count is
 * behind by what moved elsewhere in about that second. When it was put right, it may be off by as much for good, until what moves
 * in the some seconds around a count is less than what it is off by; what a process did not tell before it died, or that was lost, is
 * put right by the next count that differs by more than moves meanwhile. Where little moves that is a minute.
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
  /** To other processes that share the store; `null`: it is alone. */
  readonly others?: {
    readonly messages: Pick<ProcessMessages, 'tell' | 'on' | 'onMissed'>;
    /** Whether there are any right now. */
    readonly areThere: () => boolean;
  } | null;
}

const everyMs = 60_000;
const soonMs = 1_000;
const restPerWork = 100;
/** What moved elsewhere before a count is heard of by then. */
const lateMs = tellEveryMs + 1_000;

interface Known {
  waiting: number;
  /** Deliveries that came or went, to tell what a count may have missed. */
  moved: number;
  /** Those of them that did so in this process. */
  movedHere: number;
}

const nothing: Readonly<Known> = { waiting: 0, moved: 0, movedHere: 0 };

export function createWaitingCounts(options: WaitingCountsOptions): WaitingCounts {
  const { clock, count, registry, log, others = null } = options;
  const known = new Map<string, Known>();
  let timer: { readonly at: number; readonly due: Timer } | null = null;
  let counting = false;
  let again = false;
  let closed = false;
  /** Until when the store rests from counting. */
  let restUntil = 0;
  const bell = createBell(clock);
  const news =
    others &&
    createWaitingNews({
      ...{ messages: others.messages, hasOthers: others.areThere, clock, onRecount: recount },
      onChanged({ accountId, deliveries, moved }) {
        const account = knownOf(accountId);
        account.waiting += deliveries;
        account.moved += moved;
      },
    });

  function knownOf(accountId: string): Known {
    const found = known.get(accountId);
    if (found) return found;
    const made = { waiting: 0, moved: 0, movedHere: 0 };
    known.set(accountId, made);
    return made;
  }

  /** Unless it is to be counted earlier anyway. */
  function countAt(at: number): void {
    if (closed || counting || (timer && timer.at <= at)) return;
    timer?.due.cancel();
    timer = { at, due: clock.setTimer(() => void putRight(), at - clock.elapsed()) };
  }

  const standNow = (): ReadonlyMap<string, Readonly<Known>> =>
    new Map([...known].map(([id, account]) => [id, { ...account }]));

  /** What was counted, while deliveries moved. @param before as it stood when it was asked. @param then as when it was answered */
  function compare(
    counted: ReadonlyMap<string, number>,
    before: ReadonlyMap<string, Readonly<Known>>,
    then: ReadonlyMap<string, Readonly<Known>>,
  ): void {
    for (const id of counted.keys()) knownOf(id);
    for (const [id, account] of known) {
      const at = then.get(id) ?? nothing;
      const now = (counted.get(id) ?? 0) + account.waiting - at.waiting;
      // The count may be off by what moved while it was under way, or is told of later than it was counted.
      const since = account.moved - (before.get(id) ?? nothing).moved;
      const moved = since - (account.movedHere - at.movedHere);
      if (Math.abs(now - account.waiting) > moved) account.waiting = now;
      if (account.waiting === 0 && since === 0) known.delete(id);
    }
  }

  async function putRight(): Promise<void> {
    timer = null;
    const askedAt = clock.elapsed();
    let answeredAt = askedAt;
    const before = standNow();
    counting = true;
    again = false;
    try {
      const counted = await count();
      answeredAt = clock.elapsed();
      const then = standNow();
      if (news?.hasOthers) await bell.sleep(lateMs);
      compare(counted, before, then);
    } catch (error) {
      if (!closed) log.warn({ err: error }, 'What waits could not be counted; it is tried again.');
    } finally {
      counting = false;
      const now = clock.elapsed();
      restUntil = now + (answeredAt - askedAt) * restPerWork;
      countAt(Math.max(now + (again ? soonMs : everyMs), restUntil));
    }
  }

  function add(accountId: string, deliveries: number): void {
    const account = knownOf(accountId);
    account.waiting += deliveries;
    account.moved += Math.abs(deliveries);
    account.movedHere += Math.abs(deliveries);
    news?.changed(accountId, deliveries);
  }

  function recount(): void {
    again = counting;
    countAt(Math.max(clock.elapsed() + soonMs, restUntil));
  }

  function recountEverywhere(): void {
    recount();
    news?.recount();
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
    skipped: recountEverywhere,
    requeued: recountEverywhere,
    close() {
      closed = true;
      timer?.due.cancel();
      news?.close();
      bell.end();
    },
  };
}
