import type { Clock, Timer } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import { createFairPlaces } from '../core/fair-places.ts';
import { randomId } from '../core/ids.ts';
import type { Page, PageRequest } from '../stores/ports/page.ts';
import type { Task, TaskStore } from '../stores/ports/tasks.ts';
import type { HeardAttempt, Watcher } from './outstanding.ts';
import { createTaskEntry, type TaskEntry } from './task-entry.ts';
import type { WebhookReplayContext } from './webhook-replay.ts';

export interface RecoveryOptions extends Omit<WebhookReplayContext, 'watchers'> {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly log: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
  readonly limits?: RecoveryLimits;
  /** After so long the store is asked what became of a dormant task: it may be through without a delivery. Default: 15 minutes. */
  readonly lookEveryMs?: number;
}

export interface RecoveryLimits {
  /** Tasks at work at once, of all accounts: each has up to 1 MB in memory. */
  readonly mostAtWork: number;
  /** Tasks of an account that are at work or wait for a place. */
  readonly mostOfAccount: number;
  /** Tasks of an account that have not ended, with those that wait for their endpoints. */
  readonly mostUnended: number;
}

/** What is to be sent again. */
export type RecoveryRequest = Pick<Task, 'accountId' | 'kind' | 'filter' | 'states'>;

/**
 * Sends everything again that matches a filter, as tasks. What was accepted after a task was made does not belong to it.
 * Deliveries are queued some at a time as retries, so they keep to their lanes' limits and stay behind fresh traffic.
 *
 * ```text
 * create ──▸ in line ──▸ at work ──▸ ended
 *               ▲  ▲       │    │ nothing heard for a minute: its endpoints get nothing
 *               │  └───────┘    ▼
 *               │   others    dormant
 *               │   wait        │ one of its endpoints got something
 *               └───────────────┘
 * ```
 * Places are given to accounts by turns, and taken away after a minute where others wait. A dormant task takes none, and
 * nothing in memory but what is shown of it.
 */
export interface Recovery {
  /** Takes up the tasks that had not ended; to be called before anything is sent. */
  load(): Promise<void>;
  /** Goes on with them. */
  start(): void;
  /** @throws HookwireError `conflict` when the account has enough tasks */
  create(request: RecoveryRequest): Promise<Task>;
  /** As it stands now. */
  get(id: string): Promise<Task | null>;
  list(filter: { readonly accountId: string | null }, page: PageRequest): Promise<Page<Task>>;
  /** Ends a task; one that has ended stays as it is. `null` where there is no such task. */
  cancel(id: string): Promise<Task | null>;
  /** Hears of every attempt: one look-up for each that was asked for by hand or delivered, while there are tasks. */
  attempted(attempt: HeardAttempt): void;
  /** An endpoint got something: tasks that wait for it go on. */
  delivered(webhookId: string): void;
  /** Webhooks that dormant tasks wait for. */
  readonly waitsFor: readonly string[];
  /** Webhooks of all tasks that have not ended. */
  readonly webhookIds: ReadonlySet<string>;
  /** Leaves tasks as they are, to go on after the next start. Never rejects. */
  close(): Promise<void>;
}

/** Counts are on disk after so long, and with each queueing. */
export const saveEveryMs = 1_000;
/** A task of which nothing was heard for so long waits for its endpoints. */
export const quietMs = 60_000;
/** So long a task keeps its place when others wait. */
const turnMs = 60_000;
const usualLookMs = 15 * 60_000;

const defaultLimits: RecoveryLimits = { mostAtWork: 40, mostOfAccount: 5, mostUnended: 100 };

export function createRecovery(options: RecoveryOptions): Recovery {
  const { store, clock, log, registry, history } = options;
  const { limits = defaultLimits, lookEveryMs = usualLookMs } = options;
  const entries = new Map<string, TaskEntry>();
  const watchers = new Map<string, Watcher>();
  /** Dormant tasks by the webhooks that they wait for. */
  const dormant = new Map<string, Set<TaskEntry>>();
  const places = createFairPlaces({
    most: limits.mostAtWork,
    mostWaiting: Number.POSITIVE_INFINITY,
    mostWaitingOfAccount: Number.POSITIVE_INFINITY,
  });
  let timer: Timer | null = null;
  let closed = false;

  const context = {
    ...options,
    watchers,
    onFailure: (task: Task, error: unknown) =>
      log.warn({ err: error, taskId: task.id, accountId: task.accountId }, 'A replay task failed.'),
    onEnded({ id: taskId, accountId, kind, state, reason, total, done, failed, skipped }: Task) {
      entries.delete(taskId);
      log.info({ taskId, accountId, kind, state, reason, total, done, failed, skipped }, 'A replay ended.');
    },
  };

  function enter(task: Task): TaskEntry {
    const entry = createTaskEntry(task, context);
    entries.set(task.id, entry);
    return entry;
  }

  /** Waits for a place, and works. */
  function admit(entry: TaskEntry): void {
    schedule();
    const refuse = () => new HookwireError('overloaded', 'There is no place for the task.');
    places
      .enter(entry.accountId, limits.mostOfAccount, refuse, entry.gone)
      .then((leave) => entry.work(leave))
      .catch((error: unknown) => {
        if (closed || !entries.has(entry.id) || entry.gone.aborted) return;
        const details = { err: error, taskId: entry.id };
        log.warn(details, 'A replay task could not be taken up; it is tried again.');
        sleep(entry);
      });
  }

  function sleep(entry: TaskEntry): void {
    entry.lookedAt = clock.now();
    for (const webhookId of entry.webhookIds) {
      const tasks = dormant.get(webhookId) ?? new Set();
      dormant.set(webhookId, tasks.add(entry));
    }
  }

  function forgetDormant(entry: TaskEntry): void {
    for (const webhookId of entry.webhookIds) {
      const tasks = dormant.get(webhookId);
      tasks?.delete(entry);
      if (tasks?.size === 0) dormant.delete(webhookId);
    }
  }

  function wake(entry: TaskEntry): void {
    forgetDormant(entry);
    if (!closed && entries.has(entry.id)) admit(entry);
  }

  const isDormant = (entry: TaskEntry): boolean =>
    entry.webhookIds.some((webhookId) => dormant.get(webhookId)?.has(entry));

  /** Takes its place from a task, which goes on where it stands when it has one again. */
  async function putAside(entry: TaskEntry, then: (entry: TaskEntry) => void): Promise<void> {
    if (await entry.putAside()) then(entry);
  }

  /** Those who wait for a place get that of whoever of the busiest account has had its own longest. */
  function giveWay(): void {
    if (places.waiting === 0) return;
    const atWork = [...entries.values()].filter((entry) => entry.phase === 'at work');
    const ofAccount = (accountId: string) => atWork.filter((entry) => entry.accountId === accountId).length;
    const [longest] = atWork
      .filter(({ since }) => clock.now() - since >= turnMs)
      .sort((a, b) => ofAccount(b.accountId) - ofAccount(a.accountId) || a.since - b.since);
    if (longest) void putAside(longest, admit);
  }

  /** One dormant task at a time: whether it is through, or its webhook gone, which no attempt tells of. */
  async function lookAfterOne(): Promise<void> {
    const due = [...entries.values()].find(
      (entry) => isDormant(entry) && clock.now() - entry.lookedAt >= lookEveryMs,
    );
    if (!due) return;
    due.lookedAt = clock.now();
    const task = await store.get(due.id);
    const parts = task?.progress ?? [];
    const queued = parts.flatMap(({ outstanding }) => outstanding);
    const waiting = (await history.statesOf(queued)).filter(
      ({ state }) => state === 'pending' || state === 'retrying',
    );
    const isGone = parts.some(({ webhookId }) => registry.get(webhookId) === undefined);
    if (isGone || waiting.length === 0 || waiting.length < queued.length) wake(due);
  }

  async function saveAll(): Promise<void> {
    try {
      for (const entry of [...entries.values()]) await entry.save();
    } catch (error) {
      log.warn({ err: error }, 'The progress of a replay could not be saved; it is tried again.');
    }
  }

  async function tick(): Promise<void> {
    await saveAll();
    if (closed) return;
    for (const entry of entries.values()) if (entry.isQuiet(quietMs)) void putAside(entry, sleep);
    giveWay();
    await lookAfterOne().catch(() => undefined);
  }

  function schedule(): void {
    if (timer !== null || closed || entries.size === 0) return;
    timer = clock.setTimer(() => {
      void tick().then(() => {
        timer = null;
        schedule();
      });
    }, saveEveryMs);
  }

  function refuseMore(accountId: string): void {
    if (closed) throw new HookwireError('stopping', 'The gateway is stopping.', { retryAfterSeconds: 5 });
    const own = [...entries.values()].filter((entry) => entry.accountId === accountId);
    const underWay = own.filter((entry) => !isDormant(entry)).length;
    if (underWay >= limits.mostOfAccount) {
      const detail = `The account has ${underWay} replays under way, the most there can be; cancel one or wait.`;
      throw new HookwireError('conflict', detail);
    }
    if (own.length >= limits.mostUnended) {
      const detail = `The account has ${own.length} replays, most of which wait for their endpoints; cancel one.`;
      throw new HookwireError('conflict', detail);
    }
  }

  function delivered(webhookId: string): void {
    for (const entry of [...(dormant.get(webhookId) ?? [])]) wake(entry);
  }

  return {
    async load() {
      for (const task of await store.unfinished()) {
        try {
          await enter(task).takeUp(task);
        } catch (error) {
          // Whoever sends for one of its webhooks cannot be asked now. The task asks again when it has a place.
          if (!(error instanceof HookwireError)) throw error;
          log.warn({ err: error, taskId: task.id }, 'A replay task is taken up later.');
        }
      }
    },
    start() {
      for (const entry of entries.values()) admit(entry);
    },
    async create({ accountId, kind, filter, states }) {
      refuseMore(accountId);
      const createdAt = clock.now();
      const task: Task = {
        id: randomId('task'),
        ...{ accountId, kind, states, createdAt },
        filter: { ...filter, to: Math.min(filter.to ?? createdAt, createdAt) },
        ...{ state: 'collecting', reason: null, finishedAt: null, progress: null },
        ...{ total: null, done: 0, failed: 0, skipped: 0 },
      };
      const entry = enter(task);
      try {
        await store.create(task);
      } catch (error) {
        entries.delete(task.id);
        throw error;
      }
      if (!closed) admit(entry);
      return task;
    },
    get: async (id) => entries.get(id)?.task ?? (await store.get(id)),
    async list(filter, page) {
      const { data, nextCursor } = await store.list(filter, page);
      return { data: data.map((task) => entries.get(task.id)?.task ?? task), nextCursor };
    },
    async cancel(id) {
      const entry = entries.get(id);
      if (!entry) return store.get(id);
      forgetDormant(entry);
      return await entry.cancel();
    },
    attempted(attempt) {
      if (watchers.size > 0) watchers.get(attempt.deliveryId)?.heard(attempt);
      if (dormant.size > 0 && attempt.after.state === 'delivered') delivered(attempt.webhookId);
    },
    delivered,
    get webhookIds() {
      return new Set([...entries.values()].flatMap((entry) => entry.webhookIds));
    },
    get waitsFor() {
      return [...dormant.keys()];
    },
    async close() {
      closed = true;
      timer?.cancel();
      await Promise.all([...entries.values()].map((entry) => entry.stop()));
      await saveAll();
    },
  };
}
