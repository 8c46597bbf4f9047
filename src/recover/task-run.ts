import type { Task, TaskProgress, TaskState } from '../stores/ports/tasks.ts';
import { createWebhookReplay, type WebhookReplay, type WebhookReplayContext } from './webhook-replay.ts';

/** A task at work. */
export interface TaskRun {
  readonly accountId: string;
  /** The task as it stands now. */
  readonly task: Task;
  /** Rises with every change. */
  readonly revision: number;
  /** Takes up what was outstanding when it was put aside, or before a restart. */
  adopt(): Promise<void>;
  /** Resolves when the task has ended, or soon after {@link TaskRun.stop}. Never rejects. */
  work(): Promise<void>;
  cancel(): void;
  /** Queues nothing more; the task can go on from where it stands. */
  stop(): void;
  /** Hears of nothing any more. */
  forget(): void;
  /** It sends, and nothing of it has changed for so long. */
  isQuiet(ms: number): boolean;
}

export interface TaskRunOptions extends WebhookReplayContext {
  readonly onFailure: (task: Task, error: unknown) => void;
  /** Writes down how the task stands. */
  readonly save: () => Promise<void>;
}

/** What a task may have in memory and queued at once, shared out among its webhooks. */
const inMemory = { together: 100_000, least: 500 };
const outstanding = { together: 1_000, least: 4, most: 200 };

export function createTaskRun(saved: Task, options: TaskRunOptions): TaskRun {
  const counts = { done: saved.done, failed: saved.failed, skipped: saved.skipped };
  let { state, reason, finishedAt } = saved;
  let collected = false;
  let finalTotal: number | null = null;
  let stopped = false;
  let revision = 0;
  let changedAt = options.clock.now();

  function changed(): void {
    revision++;
    changedAt = options.clock.now();
  }

  const parts = startingPoints().map(
    (progress, _, { length }): WebhookReplay =>
      createWebhookReplay({
        ...options,
        task: saved,
        progress,
        inMemory: Math.max(inMemory.least, Math.floor(inMemory.together / length)),
        outstandingAtOnce: Math.min(
          Math.max(Math.floor(outstanding.together / length), outstanding.least),
          outstanding.most,
        ),
        count(outcome, deliveries) {
          if (finishedAt !== null) return;
          counts[outcome] += deliveries;
          changed();
        },
        changed,
        save() {
          changed();
          return options.save();
        },
      }),
  );

  function startingPoints(): readonly TaskProgress[] {
    if (saved.progress) return saved.progress;
    const { accountId, filter } = saved;
    const webhookIds =
      filter.webhookId === undefined
        ? options.registry.ofAccount(accountId).map(({ webhook }) => webhook.id)
        : [filter.webhookId];
    return webhookIds.map((webhookId) => ({ webhookId, after: null, outstanding: [], queueing: [] }));
  }

  function total(): number | null {
    if (!collected) return saved.total;
    return parts.reduce((sum, { open }) => sum + open, counts.done + counts.failed + counts.skipped);
  }

  function finish(as: TaskState, because: string | null): void {
    if (finishedAt !== null) return;
    finalTotal = total();
    state = as;
    reason = because;
    finishedAt = options.clock.now();
    changed();
    for (const part of parts) {
      part.stop();
      part.forget();
    }
  }

  function snapshot(): Task {
    const ended = finishedAt !== null;
    const open = collected ? parts.filter((part) => part.open > 0) : parts;
    const progress = ended || state === 'collecting' ? null : open.map((part) => part.progress);
    return {
      ...saved,
      ...counts,
      ...{ state, reason, finishedAt, progress },
      total: ended ? finalTotal : total(),
    };
  }

  return {
    accountId: saved.accountId,
    get task() {
      return snapshot();
    },
    get revision() {
      return revision;
    },
    async adopt() {
      for (const part of parts) await part.adopt();
      changed();
    },
    async work() {
      try {
        for (const part of parts) await part.collect();
        if (stopped || finishedAt !== null) return;
        collected = true;
        state = 'running';
        changed();
        await Promise.all(parts.map((part) => part.run()));
        if (stopped) return;
        const isDeleted = saved.filter.webhookId !== undefined && parts.some((part) => part.abandoned);
        finish(isDeleted ? 'failed' : 'done', isDeleted ? 'webhook_deleted' : null);
      } catch (error) {
        if (stopped) return;
        options.onFailure(saved, error);
        finish('failed', 'store_failed');
      }
    },
    cancel: () => finish('cancelled', null),
    stop() {
      stopped = true;
      for (const part of parts) part.stop();
    },
    forget() {
      for (const part of parts) part.forget();
    },
    isQuiet: (ms) =>
      collected &&
      finishedAt === null &&
      options.clock.now() - changedAt >= ms &&
      parts.every((part) => !part.collecting),
  };
}
