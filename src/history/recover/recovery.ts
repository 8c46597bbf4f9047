import type { Clock, Timer } from '../../core/clock.ts';
import type { AttemptRecord } from '../../core/delivery.ts';
import { HookwireError } from '../../core/errors.ts';
import { randomId } from '../../core/ids.ts';
import type { Page, PageRequest } from '../../stores/ports/page.ts';
import type { Task, TaskStore } from '../../stores/ports/tasks.ts';
import type { Watcher } from './outstanding.ts';
import { createTaskRun, type TaskRun } from './task-run.ts';
import type { ReplayContext } from './webhook-replay.ts';

export interface RecoveryOptions extends Omit<ReplayContext, 'watchers'> {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly events: {
    info(details: object, message: string): void;
    warn(details: object, message: string): void;
  };
  readonly limits?: RecoveryLimits;
}

/** Tasks that have not ended. */
export interface RecoveryLimits {
  readonly most: number;
  readonly mostOfAccount: number;
}

/** What is to be sent again. */
export type RecoveryRequest = Pick<Task, 'accountId' | 'kind' | 'filter' | 'states'>;

/**
 * Sends everything again that matches a filter, as tasks. What was accepted after a task was made does not belong to it.
 * Deliveries are queued some at a time as retries, so they keep to their lanes' limits and stay behind fresh traffic.
 */
export interface Recovery {
  /** Takes up the tasks that had not ended; to be called before anything is sent. */
  load(): Promise<void>;
  /** Goes on with them. */
  start(): void;
  /** @throws HookwireError `conflict` when the account, `overloaded` when the gateway has enough tasks */
  create(request: RecoveryRequest): Promise<Task>;
  /** As it stands now. */
  get(id: string): Promise<Task | null>;
  list(filter: { readonly accountId: string | null }, page: PageRequest): Promise<Page<Task>>;
  /** Ends a task; one that has ended stays as it is. `null` where there is no such task. */
  cancel(id: string): Promise<Task | null>;
  /** Hears of every attempt: one look-up for each that was asked for by hand, while a task is at work. */
  attempted(record: AttemptRecord): void;
  /** Leaves tasks as they are, to go on after the next start. Never rejects. */
  close(): Promise<void>;
}

/** Counts are on disk after so long, and with each queueing. */
export const saveEveryMs = 1_000;

interface Entry {
  readonly run: TaskRun;
  savedRevision: number;
  /** The write that is under way, and the one after it, which brings all that was asked meanwhile. */
  writing: Promise<void>;
  writingNext: Promise<void> | null;
  working: Promise<void>;
}

export function createRecovery(options: RecoveryOptions): Recovery {
  const { store, clock, events, limits = { most: 100, mostOfAccount: 5 } } = options;
  const entries = new Map<string, Entry>();
  const watchers = new Map<string, Watcher>();
  let timer: Timer | null = null;
  let closed = false;

  const context = {
    ...options,
    watchers,
    // One page at a time, however many tasks there are, so that other questions to history get between.
    history: { ...options.history, listDeliveryIds: inTurn(options.history.listDeliveryIds) },
    onFailure: (task: Task, error: unknown) =>
      events.warn({ err: error, taskId: task.id, accountId: task.accountId }, 'A replay task failed.'),
  };

  function enter(task: Task): Entry {
    const entry: Entry = {
      run: createTaskRun(task, { ...context, save: () => save(entry) }),
      savedRevision: 0,
      writing: Promise.resolve(),
      writingNext: null,
      working: Promise.resolve(),
    };
    entries.set(task.id, entry);
    return entry;
  }

  function begin(entry: Entry): void {
    entry.working = entry.run.work().then(() => save(entry).catch(() => undefined));
    schedule();
  }

  /** Resolves when the task as it stands now is on disk. A task's parts share their writes. */
  function save(entry: Entry): Promise<void> {
    entry.writingNext ??= entry.writing
      .catch(() => undefined)
      .then(() => {
        entry.writingNext = null;
        entry.writing = write(entry);
        return entry.writing;
      });
    return entry.writingNext;
  }

  async function write(entry: Entry): Promise<void> {
    const { run } = entry;
    const { revision, task } = run;
    if (revision === entry.savedRevision) return;
    await store.save(task);
    entry.savedRevision = Math.max(entry.savedRevision, revision);
    if (task.finishedAt === null || !entries.delete(task.id)) return;
    const { id: taskId, accountId, kind, state, reason, total, done, failed, skipped } = task;
    events.info({ taskId, accountId, kind, state, reason, total, done, failed, skipped }, 'A replay ended.');
  }

  async function saveAll(): Promise<void> {
    try {
      for (const entry of [...entries.values()]) await save(entry);
    } catch (error) {
      events.warn({ err: error }, 'The progress of a replay could not be saved; it is tried again.');
    }
  }

  function schedule(): void {
    if (timer !== null || closed || entries.size === 0) return;
    timer = clock.setTimer(() => {
      void saveAll().then(() => {
        timer = null;
        schedule();
      });
    }, saveEveryMs);
  }

  function refuseMore(accountId: string): void {
    if (closed) throw new HookwireError('stopping', 'The gateway is stopping.', { retryAfterSeconds: 5 });
    const own = [...entries.values()].filter(({ run }) => run.accountId === accountId).length;
    if (own >= limits.mostOfAccount) {
      const detail = `The account has ${own} replays under way, the most there can be; cancel one or wait.`;
      throw new HookwireError('conflict', detail);
    }
    if (entries.size >= limits.most) {
      const detail = `The gateway has ${entries.size} replays under way, the most there can be.`;
      throw new HookwireError('overloaded', detail, { retryAfterSeconds: 60 });
    }
  }

  return {
    async load() {
      for (const task of await store.unfinished()) await enter(task).run.adopt();
    },
    start() {
      for (const entry of entries.values()) begin(entry);
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
      if (!closed) begin(entry);
      return task;
    },
    get: async (id) => entries.get(id)?.run.task ?? (await store.get(id)),
    async list(filter, page) {
      const { data, nextCursor } = await store.list(filter, page);
      return { data: data.map((task) => entries.get(task.id)?.run.task ?? task), nextCursor };
    },
    async cancel(id) {
      const entry = entries.get(id);
      if (!entry) return store.get(id);
      entry.run.cancel();
      const { task } = entry.run;
      await save(entry);
      return task;
    },
    attempted(record) {
      if (record.manual && watchers.size > 0) watchers.get(record.deliveryId)?.heard(record);
    },
    async close() {
      closed = true;
      timer?.cancel();
      for (const { run } of entries.values()) run.stop();
      await Promise.all([...entries.values()].map(({ working }) => working));
      await saveAll();
    },
  };
}

/** Calls one after the other, each when the one before has ended. */
function inTurn<A extends unknown[], R>(call: (...given: A) => Promise<R>): (...given: A) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  return (...given) => {
    const result = last.then(() => call(...given));
    last = result.catch(() => undefined);
    return result;
  };
}
