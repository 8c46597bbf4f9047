import { createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';
import { parseSequenceId, sequenceId } from '../core/ids.ts';
import { NoAnswerError } from '../core/no-answer-error.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { DeliveryLog, RequeueRequest } from '../stores/ports/delivery-log.ts';
import type { History } from '../stores/ports/history.ts';
import type { Task, TaskProgress } from '../stores/ports/tasks.ts';
import { type Collected, collect } from './collect.ts';
import { createOutstanding, type Outcome, type Watcher } from './outstanding.ts';

/** What replaying needs of the program. */
export interface WebhookReplayContext {
  readonly history: Pick<History, 'listDeliveryIds' | 'statesOf'>;
  readonly deliveryLog: Pick<DeliveryLog, 'requeueMany'>;
  readonly registry: Pick<WebhookRegistry, 'get' | 'ofAccount'>;
  readonly clock: Clock;
  /** Tells a webhook's lane that something is due. */
  readonly wake: (webhookId: string) => void;
  readonly watchers: Map<string, Watcher>;
}

export interface WebhookReplayOptions extends WebhookReplayContext {
  readonly task: Pick<Task, 'accountId' | 'filter' | 'states'>;
  readonly progress: TaskProgress;
  /** Deliveries whose numbers are in memory at once. */
  readonly inMemory: number;
  /** Deliveries that are queued for another attempt at once. */
  readonly outstandingAtOnce: number;
  readonly count: (outcome: Outcome, deliveries: number) => void;
  /** Its progress changed; that may be written down later. */
  readonly changed: () => void;
  /** Its progress changed. Resolves when that is on disk. */
  readonly save: () => Promise<void>;
}

/** The part of a task that belongs to one webhook: apart from the others, so that a dead endpoint holds up none. */
export interface WebhookReplay {
  /** Deliveries that it has not dealt with. */
  readonly open: number;
  readonly progress: TaskProgress;
  /** It counts what is to be done right now. */
  readonly collecting: boolean;
  /** The webhook was deleted before it was through. */
  readonly abandoned: boolean;
  /** Takes up what was outstanding before a restart; to be called before anything is sent. */
  adopt(): Promise<void>;
  /** Counts what is to be done. */
  collect(): Promise<void>;
  /** Resolves when everything is dealt with, or soon after {@link WebhookReplay.stop}. */
  run(): Promise<void>;
  /** Queues nothing more; what is queued is sent all the same. */
  stop(): void;
  /** Counts nothing more. */
  forget(): void;
}

const tryAgainMs = 1_000;
const triesToCollect = 3;

/**
 * ```text
 * collect ──▸ (the oldest, in memory) ──▸ requeue some ──▸ outstanding ──▸ heard of: done, failed
 *    ▲                │ none left               ▲                │
 *    └────────────────┘                         └── room again ◂─┘
 * ```
 */
export function createWebhookReplay(options: WebhookReplayOptions): WebhookReplay {
  const { history, deliveryLog, registry, clock, task, count, outstandingAtOnce } = options;
  const { webhookId } = options.progress;
  const bell = createBell(clock);
  const outstanding = createOutstanding({ ...options, bell });
  let after = options.progress.after === null ? 0 : (parseSequenceId('dlv', options.progress.after) ?? 0);
  let collected: Collected['oldest'] = new Float64Array();
  let next = 0;
  /** Counted and not requeued. */
  let left = 0;
  /** Those that are being requeued. They are on disk before, so that a crash loses the count of none. */
  let queueing = options.progress.queueing;
  /** Those of them that may have been requeued, since no answer came. */
  let unsure: ReadonlySet<string> = new Set();
  let stopped = false;
  let abandoned = false;
  let collecting = false;

  const isThere = (): boolean => registry.get(webhookId) !== undefined;
  const goesOn = (): boolean => !stopped && isThere();

  async function collectNow(): Promise<void> {
    const found = await collect(history.listDeliveryIds, {
      filter: { ...task.filter, accountId: task.accountId, webhookId },
      states: task.states,
      after,
      most: options.inMemory,
      isStopped: () => stopped,
    });
    if (stopped) return;
    collected = found.oldest;
    next = 0;
    left = found.count;
  }

  async function requeueSome(): Promise<void> {
    const some = collected.subarray(next, next + outstandingAtOnce - outstanding.size);
    const last = some.at(-1);
    if (last === undefined) return;
    queueing = Array.from(some, (sequence) => sequenceId('dlv', sequence));
    try {
      await options.save();
      if (stopped) return;
      const requeued = await requeue(queueing, task.states);
      const known = new Set(requeued.map(({ id }) => id));
      const doubtful = queueing.filter((id) => unsure.has(id) && !known.has(id));
      queueing = [];
      unsure = new Set();
      after = last;
      next += some.length;
      left -= some.length;
      for (const { id, orderKey } of requeued) outstanding.add(id, orderKey);
      const skipped = some.length - requeued.length - doubtful.length;
      if (skipped > 0) count('skipped', skipped);
      await lookFor(doubtful);
      options.changed();
      if (requeued.length > 0) options.wake(webhookId);
    } catch (error) {
      if (error instanceof NoAnswerError) unsure = new Set([...unsure, ...queueing]);
      await bell.sleep(tryAgainMs);
    }
  }

  /** What may have been requeued before is counted by what the store says of it, and what waits is heard of from now on. */
  async function lookFor(ids: readonly string[]): Promise<void> {
    for (const id of ids) outstanding.add(id, null);
    if (ids.length === 0) return;
    await outstanding.lookAfter();
    const waiting = outstanding.ids.filter((id) => ids.includes(id));
    if (waiting.length === 0) return;
    for (const { id, orderKey } of await requeue(waiting, ['retrying'])) outstanding.add(id, orderKey);
  }

  function requeue(
    deliveryIds: readonly string[],
    states: RequeueRequest['states'],
  ): ReturnType<DeliveryLog['requeueMany']> {
    const ordered = registry.get(webhookId)?.webhook.settings.ordered ?? false;
    return deliveryLog.requeueMany({ webhookId, deliveryIds, states, ordered, now: clock.now() });
  }

  const self: WebhookReplay = {
    get open() {
      return outstanding.size + left;
    },
    get progress() {
      return {
        webhookId,
        after: queueing.at(-1) ?? (after === 0 ? null : sequenceId('dlv', after)),
        outstanding: outstanding.ids,
        queueing,
      };
    },
    get collecting() {
      return collecting;
    },
    get abandoned() {
      return abandoned;
    },
    async adopt() {
      if (queueing.length > 0) await requeue(queueing, task.states);
      // What was being queued and has ended already, was queued and sent: it is counted like the others.
      for (const id of [...options.progress.outstanding, ...queueing]) outstanding.add(id, null);
      queueing = [];
      if (outstanding.size === 0) return;
      await outstanding.lookAfter();
      for (const { id, orderKey } of await requeue(outstanding.ids, ['retrying']))
        outstanding.add(id, orderKey);
    },
    async collect() {
      for (let tries = 1; !stopped; tries++) {
        collecting = true;
        try {
          return await collectNow();
        } catch (error) {
          if (tries === triesToCollect) throw error;
          await bell.sleep(tryAgainMs);
        } finally {
          collecting = false;
        }
      }
    },
    async run() {
      while (left > 0 && goesOn()) {
        if (next === collected.length) await self.collect();
        await outstanding.atMost(Math.floor(outstandingAtOnce / 2), goesOn);
        if (goesOn()) await requeueSome();
      }
      await outstanding.atMost(0, goesOn);
      if (stopped || isThere()) return;
      abandoned = self.open > 0;
      count('skipped', self.open);
      left = 0;
      outstanding.forget();
    },
    stop() {
      stopped = true;
      bell.end();
    },
    forget: outstanding.forget,
  };
  return self;
}
