import { createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';
import type { Task, TaskStore } from '../stores/ports/tasks.ts';
import { createTaskRun, type TaskRun, type TaskRunOptions } from './task-run.ts';

/** A task that has not ended, whether it is at work or waits. */
export interface TaskEntry {
  readonly id: string;
  readonly accountId: string;
  /** As it is shown: `waiting` where it is not at work. */
  readonly task: Task;
  readonly phase: 'waiting' | 'starting' | 'at work' | 'put aside';
  /** Since when it has been at work, ms. */
  readonly since: number;
  /** Those of its webhooks that it is not through with. */
  readonly webhookIds: readonly string[];
  /** Aborts when it needs no place any more. */
  readonly gone: AbortSignal;
  /** When the store was last asked what became of it, ms. */
  lookedAt: number;
  /**
   * Settles what was being queued when the program ended: whether the store did it is known for certain only before
   * anything else is sent.
   */
  takeUp(task: Task): Promise<void>;
  /**
   * Works where it stands; a task that was put aside is read again.
   * @param leave gives its place back
   */
  work(leave: () => void): Promise<void>;
  /** It is at work, and nothing was heard of it for so long. */
  isQuiet(ms: number): boolean;
  /** Ends its work and keeps nothing of it in memory. Resolves to whether it waits now; else it has ended, or goes on. */
  putAside(): Promise<boolean>;
  /** Resolves when it is on disk as it stands now. The parts of a task share their writes. */
  save(): Promise<void>;
  cancel(): Promise<Task>;
  /** For the end of the program. */
  stop(): Promise<void>;
}

export interface TaskEntryOptions extends Omit<TaskRunOptions, 'save'> {
  readonly store: Pick<TaskStore, 'get' | 'save'>;
  readonly clock: Clock;
  /** It has ended, and that is on disk. */
  readonly onEnded: (task: Task) => void;
}

const saveAgainMs = 1_000;
const yes = (): boolean => true;
const no = (): boolean => false;

export function createTaskEntry(made: Task, options: TaskEntryOptions): TaskEntry {
  const { store, clock } = options;
  const gone = new AbortController();
  const bell = createBell(clock);
  gone.signal.addEventListener('abort', bell.end);
  /** What is on disk; its progress is there alone. */
  let kept: Task = { ...made, progress: null };
  let webhookIds = webhooksOf(made);
  /** Made, and not read again: the store has nothing else of it. */
  let fresh: Task | null = made.progress === null ? made : null;
  let run: TaskRun | null = null;
  let phase: TaskEntry['phase'] = 'waiting';
  let since = 0;
  let leavePlace = (): void => {};
  let working: Promise<void> = Promise.resolve();
  let savedRevision = 0;
  /** The write that is under way, and the one after it, which brings all that was asked meanwhile. */
  let writing: Promise<void> = Promise.resolve();
  let writingNext: Promise<void> | null = null;

  function webhooksOf({ progress, filter, accountId }: Task): readonly string[] {
    if (progress) return progress.map(({ webhookId }) => webhookId);
    if (filter.webhookId !== undefined) return [filter.webhookId];
    return options.registry.ofAccount(accountId).map(({ webhook }) => webhook.id);
  }

  function createRun(task: Task): TaskRun {
    savedRevision = 0;
    return createTaskRun(task, { ...options, save });
  }

  function save(): Promise<void> {
    writingNext ??= writing
      .catch(() => undefined)
      .then(() => {
        writingNext = null;
        writing = write();
        return writing;
      });
    return writingNext;
  }

  async function write(): Promise<void> {
    if (!run || run.revision === savedRevision) return;
    const { revision, task } = run;
    await store.save(task);
    savedRevision = Math.max(savedRevision, revision);
    webhookIds = webhooksOf(task);
    kept = { ...task, progress: null };
    if (task.finishedAt !== null) options.onEnded(task);
  }

  async function read(): Promise<Task> {
    const task = fresh ?? (await store.get(made.id));
    if (!task) throw new Error(`The task ${made.id} is not in the store.`);
    fresh = null;
    return task;
  }

  function leave(): void {
    leavePlace();
    leavePlace = () => {};
  }

  return {
    id: made.id,
    accountId: made.accountId,
    get task() {
      const task = run?.task ?? kept;
      const isShownAsItIs = task.finishedAt !== null || phase === 'starting' || phase === 'at work';
      return isShownAsItIs ? task : { ...task, state: 'waiting' as const };
    },
    get phase() {
      return phase;
    },
    get since() {
      return since;
    },
    get webhookIds() {
      return webhookIds;
    },
    gone: gone.signal,
    lookedAt: 0,
    async takeUp(task) {
      if (!task.progress?.some(({ queueing }) => queueing.length > 0)) return;
      run = createRun(task);
      try {
        await run.adopt();
      } catch (error) {
        run = null;
        throw error;
      }
    },
    async work(leaveIt) {
      leavePlace = leaveIt;
      phase = 'starting';
      try {
        if (!run) {
          const task = await read();
          // It was cancelled, or the program ends.
          if (gone.signal.aborted) return leave();
          run = createRun(task);
          await run.adopt();
        }
      } catch (error) {
        run = null;
        phase = 'waiting';
        leave();
        throw error;
      }
      if (gone.signal.aborted) return leave();
      phase = 'at work';
      since = clock.now();
      working = run
        .work()
        .then(() => save().catch(() => undefined))
        .finally(leave);
    },
    isQuiet: (ms) => phase === 'at work' && run !== null && run.isQuiet(ms),
    async putAside() {
      const ended = run;
      if (phase !== 'at work' || !ended) return false;
      phase = 'put aside';
      ended.stop();
      await working;
      // What it has in memory alone must not be lost.
      while (!gone.signal.aborted && !(await save().then(yes, no))) await bell.sleep(saveAgainMs);
      if (kept.finishedAt !== null || gone.signal.aborted) return false;
      ended.forget();
      run = null;
      phase = 'waiting';
      return true;
    },
    save,
    async cancel() {
      gone.abort();
      run ??= createRun(await read());
      run.cancel();
      const { task } = run;
      leave();
      await save();
      return task;
    },
    async stop() {
      gone.abort();
      run?.stop();
      await working;
    },
  };
}
