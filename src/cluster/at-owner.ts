import { createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import { NoAnswerError } from '../core/no-answer-error.ts';
import type { Cluster } from './cluster.ts';

/** What came of asking a process that was believed to own a webhook. */
export type OwnersAnswer<T> = { readonly isMine: true; readonly value: T } | { readonly isMine: false };

/** What is to be done by whoever owns a webhook. */
export interface OwnersTask<T> {
  here(): Promise<T>;
  /** Asks another process, which says so where the webhook is not its own. */
  there(processId: string): Promise<OwnersAnswer<T>>;
  /** Where no answer came, and it may have been done, it does no harm to have it done again. */
  readonly canBeAskedAgain: boolean;
}

export interface AtOwner {
  /**
   * Has it done by the process that owns the webhook, which may become another one meanwhile.
   *
   * @throws HookwireError `overloaded` when nobody owns it for 15 s, or its owner answers nothing
   * @throws {NoAnswerError} when no answer came and it cannot be asked again
   */
  do<T>(webhookId: string, task: OwnersTask<T>): Promise<T>;
  /** Nobody waits for an owner any more. */
  close(): void;
}

const againMs = 250;
/** Longer than a lease: a process that died is followed by another one within that. */
const mostMs = 15_000;

export function createAtOwner(
  cluster: Pick<Cluster, 'id' | 'owns' | 'ownerOf'>,
  clock: Pick<Clock, 'elapsed' | 'setTimer'>,
): AtOwner {
  const bell = createBell(clock);

  /** `died`: its owner did, while it was asked. */
  async function tryOnce<T>(
    webhookId: string,
    task: OwnersTask<T>,
  ): Promise<{ readonly value: T } | 'nobody' | 'died'> {
    if (cluster.owns(webhookId)) return { value: await task.here() };
    const owner = cluster.ownerOf(webhookId);
    // Where this process is said to be and is not, it lets go of it, or has not taken it up.
    if (owner === null || owner === cluster.id) return 'nobody';
    try {
      const answer = await task.there(owner);
      return answer.isMine ? answer : 'nobody';
    } catch (error) {
      if (!(error instanceof NoAnswerError) || !task.canBeAskedAgain) throw error;
      return error.isGone ? 'died' : 'nobody';
    }
  }

  return {
    async do(webhookId, task) {
      let until = clock.elapsed() + mostMs;
      for (;;) {
        const done = await tryOnce(webhookId, task);
        if (typeof done === 'object') return done.value;
        if (done === 'died') until = clock.elapsed() + mostMs;
        if (clock.elapsed() >= until || bell.hasEnded) throw nobody();
        await bell.sleep(againMs);
      }
    },
    close: bell.end,
  };
}

function nobody(): HookwireError {
  const detail = 'The webhook goes over from one process to another right now. Try again in a moment.';
  return new HookwireError('overloaded', detail, { retryAfterSeconds: 2 });
}
