import type { Bell } from '../core/bell.ts';
import type { AttemptRecord } from '../core/delivery.ts';
import type { History } from '../stores/ports/history.ts';

/** What became of a delivery, as a task counts it. */
export type Outcome = 'done' | 'failed' | 'skipped';

/** What a task needs to know of an attempt. */
export interface HeardAttempt
  extends Pick<AttemptRecord, 'deliveryId' | 'webhookId' | 'manual' | 'isHalved'> {
  readonly after: Pick<AttemptRecord['after'], 'state'>;
}

/** Hears of the attempts of deliveries. */
export interface Watcher {
  /** @param attempt any of its deliveries, also one that was under way already */
  heard(attempt: HeardAttempt): void;
}

export interface OutstandingOptions {
  readonly history: Pick<History, 'statesOf'>;
  /** Who hears of a delivery's next attempt, for all tasks. */
  readonly watchers: Map<string, Watcher>;
  readonly bell: Bell;
  readonly count: (outcome: Outcome, deliveries: number) => void;
}

/** The deliveries of one webhook that a task has queued for another attempt, until that was made. */
export interface Outstanding extends Watcher {
  readonly size: number;
  readonly ids: readonly string[];
  /** @param orderKey what it shares with the reports that wait for it; `null`: none does */
  add(id: string, orderKey: number | null): void;
  /** Waits until there are no more than so many, while `goOn` holds. */
  atMost(size: number, goOn: () => boolean): Promise<void>;
  /** Asks the store where they stand. */
  lookAfter(): Promise<void>;
  /** Hears of none of them any more, and does not count them. */
  forget(): void;
}

/** After so long without a word the store is asked: some end without an attempt. Then less and less often. */
const shortestQuietMs = 5_000;
const longestQuietMs = 60_000;

export function createOutstanding({ history, watchers, bell, count }: OutstandingOptions): Outstanding {
  const orderKeys = new Map<string, number | null>();
  /** Those whose attempt went on in a smaller list, which is not marked manual. */
  const halved = new Set<string>();
  let ended = 0;
  let enough = 0;
  let forgotten = false;

  function leave(id: string): void {
    orderKeys.delete(id);
    halved.delete(id);
    if (watchers.get(id) === self) watchers.delete(id);
  }

  function end(id: string, outcome: Outcome): void {
    leave(id);
    ended++;
    count(outcome, 1);
    if (orderKeys.size <= enough) bell.ring();
  }

  const self: Outstanding = {
    get size() {
      return orderKeys.size;
    },
    get ids() {
      return [...orderKeys.keys()];
    },
    add(id, orderKey) {
      if (forgotten) return;
      orderKeys.set(id, orderKey);
      watchers.set(id, self);
    },
    heard({ deliveryId, manual, isHalved, after: { state } }) {
      const orderKey = orderKeys.get(deliveryId);
      if (orderKey === undefined || !(manual || halved.has(deliveryId))) return;
      if (isHalved) {
        halved.add(deliveryId);
        return;
      }
      end(deliveryId, state === 'delivered' ? 'done' : 'failed');
      if (state !== 'retrying' || orderKey === null) return;
      // The later reports of its message now wait until it has ended, which may take a day.
      for (const [id, key] of orderKeys) if (key === orderKey) end(id, 'failed');
    },
    async atMost(size, goOn) {
      enough = size;
      for (let quietMs = shortestQuietMs; orderKeys.size > size && goOn(); ) {
        const before = ended;
        await bell.sleep(quietMs);
        if (ended === before && goOn()) await self.lookAfter().catch(() => undefined);
        quietMs = ended === before ? Math.min(quietMs * 2, longestQuietMs) : shortestQuietMs;
      }
    },
    async lookAfter() {
      const ids = self.ids;
      const states = new Map((await history.statesOf(ids)).map(({ id, state }) => [id, state]));
      for (const id of ids) {
        const outcome = outcomes[states.get(id) ?? 'gone'];
        if (outcome && orderKeys.has(id)) end(id, outcome);
      }
    },
    forget() {
      forgotten = true;
      for (const id of self.ids) leave(id);
    },
  };
  return self;
}

const outcomes = {
  pending: null,
  retrying: null,
  delivered: 'done',
  failed: 'failed',
  skipped: 'skipped',
  gone: 'skipped',
} as const;
