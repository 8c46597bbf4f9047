import { type Asking, type Question, UnknownQuestionError } from '../cluster/asking.ts';
import { createAtOwner, type OwnersAnswer } from '../cluster/at-owner.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { createLeadersWork } from '../cluster/leaders-work.ts';
import { createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';
import type { Task, TaskStore } from '../stores/ports/tasks.ts';
import { type AttemptNewsBody, newsKind, waitsForKind } from './attempt-news.ts';
import type { Recovery } from './recovery.ts';

/** As the API asks for tasks, in whichever process. */
export type TaskCalls = Pick<Recovery, 'create' | 'get' | 'list' | 'cancel'>;

/** Tasks of a cluster: at work in the process that leads, and asked for in every one. */
export interface ClusterRecovery extends TaskCalls, Pick<Recovery, 'attempted' | 'close'> {
  /** Has tasks at work here as soon as this process leads. */
  start(): void;
}

export interface ClusterRecoveryOptions {
  /** One that knows of no task yet. */
  readonly make: () => Recovery;
  readonly store: Pick<TaskStore, 'get' | 'list'>;
  readonly cluster: Cluster;
  /** Something of a webhook was made due in the store. */
  readonly wake: (webhookId: string) => void;
  readonly asking: Pick<Asking, 'answer' | 'ask'>;
  readonly messages: Pick<ProcessMessages, 'tell' | 'on'>;
  readonly clock: Clock;
  readonly log: { warn(details: object, message: string): void };
}

/** What the leader is asked: a call, or how these tasks stand (`shown`). */
interface TaskCommand {
  readonly command: 'create' | 'cancel' | 'shown';
  readonly args: readonly unknown[];
}

const commands: ReadonlySet<string> = new Set<TaskCommand['command']>(['create', 'cancel', 'shown']);
const toLeader: Question<TaskCommand, OwnersAnswer<unknown>> = { name: 'tasks' };
const againMs = 1_000;
/** How a task stands is in the store too, some seconds old. */
const readWithinMs = 3_000;
/** How often it is looked whether dormant tasks wait for others than were told, and how often these are told all the same. */
const waitsForEveryMs = 2_000;
const sayAgainEvery = 15;

/**
 * When this process begins to lead, it takes up what is stored of the tasks that have not ended; when it leads no more, it leaves
 * them as they are to the next one.
 */
export function createClusterRecovery(options: ClusterRecoveryOptions): ClusterRecovery {
  const { make, store, cluster, wake, asking, messages, clock, log } = options;
  /** Tasks are at work in it. */
  let leading: Recovery | null = null;
  const leader = { id: cluster.id, owns: () => leading !== null, ownerOf: () => cluster.leader };
  const atLeader = createAtOwner(leader, clock);

  const work = createLeadersWork(cluster, () => {
    const bell = createBell(clock);
    const working = takeUp(bell.sleep, () => bell.hasEnded).then(async (recovery) => {
      if (!recovery) return;
      leading = bell.hasEnded ? null : recovery;
      await tellWaitsFor(recovery, bell.sleep, () => bell.hasEnded);
      await recovery.close();
    });
    return () => {
      leading = null;
      bell.end();
      return working;
    };
  });

  /** `null`: it ended before. */
  async function takeUp(
    sleep: (ms: number) => Promise<void>,
    hasEnded: () => boolean,
  ): Promise<Recovery | null> {
    while (!hasEnded()) {
      const recovery = make();
      try {
        await recovery.load();
        // Its owner may have looked before what was being queued when the last leader died was made due once more.
        for (const webhookId of recovery.webhookIds) wake(webhookId);
        recovery.start();
        return recovery;
      } catch (error) {
        log.warn({ err: error }, 'The replay tasks could not be taken up; it is tried again.');
        await recovery.close();
        await sleep(againMs);
      }
    }
    return null;
  }

  async function tellWaitsFor(
    recovery: Recovery,
    sleep: (ms: number) => Promise<void>,
    hasEnded: () => boolean,
  ): Promise<void> {
    let told = '';
    for (let time = 0; !hasEnded(); time++) {
      const webhookIds = recovery.waitsFor;
      const now = webhookIds.join();
      const isToSayAgain = webhookIds.length > 0 && time % sayAgainEvery === 0;
      if (now !== told || isToSayAgain) messages.tell(null, waitsForKind, webhookIds);
      told = now;
      await sleep(waitsForEveryMs);
    }
  }

  messages.on(newsKind, (body) => {
    const { attempts, delivered } = body as AttemptNewsBody;
    for (const attempt of attempts) leading?.attempted(attempt);
    for (const webhookId of delivered) leading?.delivered(webhookId);
  });
  asking.answer(toLeader, async ({ command, args }): Promise<OwnersAnswer<unknown>> => {
    if (!leading) return { isMine: false };
    return { isMine: true, value: await carryOut(leading, command, args) };
  });

  function lead<T>(
    command: 'create' | 'cancel',
    args: readonly unknown[],
    canBeAskedAgain: boolean,
  ): Promise<T> {
    return atLeader.do<T>('', {
      canBeAskedAgain,
      here: () => carryOut(leading as Recovery, command, args) as Promise<T>,
      there: async (id) => (await asking.ask(id, toLeader, { command, args })) as OwnersAnswer<T>,
    });
  }

  /** As the leader knows them to stand; where it cannot be asked, as they are stored. */
  async function asTheyStand(stored: readonly Task[]): Promise<readonly Task[]> {
    const { leader: id } = cluster;
    const ids = stored.filter(({ finishedAt }) => finishedAt === null).map((task) => task.id);
    if (id === null || id === cluster.id || ids.length === 0) return stored;
    const command: TaskCommand = { command: 'shown', args: ids };
    const answer = await asking.ask(id, toLeader, command, { withinMs: readWithinMs }).catch(() => null);
    if (!answer?.isMine) return stored;
    const shown = new Map((answer.value as readonly Task[]).map((task) => [task.id, task]));
    return stored.map((task) => shown.get(task.id) ?? task);
  }

  return {
    start: work.start,
    // Where its answer is lost with the leader, the task may have been made: whoever asked sees it in the list.
    create: (request) => lead('create', [request], false),
    cancel: (id) => lead('cancel', [id], true),
    async get(id) {
      if (leading) return leading.get(id);
      const stored = await store.get(id);
      return stored && ((await asTheyStand([stored]))[0] ?? stored);
    },
    async list(filter, page) {
      if (leading) return leading.list(filter, page);
      const { data, nextCursor } = await store.list(filter, page);
      return { data: await asTheyStand(data), nextCursor };
    },
    attempted: (attempt) => leading?.attempted(attempt),
    async close() {
      atLeader.close();
      await work.close();
    },
  };
}

async function carryOut(
  recovery: Recovery,
  command: TaskCommand['command'],
  args: readonly unknown[],
): Promise<unknown> {
  if (!commands.has(command)) throw new UnknownQuestionError(`the command ${command} of a task`);
  if (command !== 'shown') return (recovery[command] as (of: unknown) => Promise<unknown>)(args[0]);
  const tasks = await Promise.all((args as readonly string[]).map((id) => recovery.get(id)));
  return tasks.filter((task) => task !== null);
}
