import { HookwireError } from '../core/errors.ts';

/**
 * Calls that are under way, so many of each account and in all; those beyond wait. Accounts come by turns, so that who
 * asks much holds up nobody who asks little.
 *
 * ```text
 * enter ──▸ under way ──▸ leave
 *    │ no place   ▲
 *    ▼            │ the next account in line, its oldest call
 * waiting (bounded) ──▸ refused beyond
 * ```
 */
export interface CallTurns {
  /**
   * @param accountId who calls; `null`: an operator, of whom there may be as many as of `mostOfOperators`
   * @param mostOfAccount how many of the account's may be under way at once
   * @param gone aborts when the caller is not there any more
   * @returns leaves, once; to be called when the answer has left
   * @throws HookwireError what `refusal` gives when too many of the account's wait, `overloaded` when too many in all do
   */
  enter(
    accountId: string | null,
    mostOfAccount: number,
    refusal: () => HookwireError,
    gone: AbortSignal,
  ): Promise<() => void>;
  /** Where there was no room there may be some now. */
  roomMade(): void;
}

export interface CallTurnsOptions {
  /** Under way in all. */
  readonly most: number;
  readonly mostWaiting: number;
  readonly mostWaitingOfAccount: number;
  /** Whether there is room for one more answer. */
  readonly hasRoom: () => boolean;
}

interface Waiting {
  readonly most: number;
  readonly go: () => void;
}

export function createCallTurns(options: CallTurnsOptions): CallTurns {
  const underWay = new Map<string, number>();
  /** In the order of the accounts' next turns. */
  const lines = new Map<string, Waiting[]>();
  let inAll = 0;
  let waitingInAll = 0;

  function mayGo(who: string, most: number): boolean {
    return (underWay.get(who) ?? 0) < most && inAll < options.most && options.hasRoom();
  }

  function begin(who: string): () => void {
    underWay.set(who, (underWay.get(who) ?? 0) + 1);
    inAll++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      inAll--;
      const others = (underWay.get(who) ?? 0) - 1;
      if (others > 0) underWay.set(who, others);
      else underWay.delete(who);
      letGo();
    };
  }

  function letGo(): void {
    if (lines.size === 0) return;
    for (const [who, line] of [...lines]) {
      const [first] = line;
      if (!first || !mayGo(who, first.most)) continue;
      lines.delete(who);
      line.shift();
      if (line.length > 0) lines.set(who, line);
      waitingInAll--;
      first.go();
    }
  }

  function wait(who: string, most: number, gone: AbortSignal): Promise<() => void> {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const line = lines.get(who) ?? [];
    lines.set(who, line);
    const waiting: Waiting = {
      most,
      go() {
        gone.removeEventListener('abort', leave);
        resolve(begin(who));
      },
    };
    function leave(): void {
      line.splice(line.indexOf(waiting), 1);
      if (line.length === 0) lines.delete(who);
      waitingInAll--;
      reject(new HookwireError('invalid_request', 'The caller left before it was its turn.'));
    }
    gone.addEventListener('abort', leave, { once: true });
    line.push(waiting);
    waitingInAll++;
    return promise;
  }

  return {
    roomMade: letGo,
    async enter(accountId, mostOfAccount, refusal, gone) {
      const who = accountId ?? '';
      const ahead = lines.get(who)?.length ?? 0;
      if (ahead === 0 && mayGo(who, mostOfAccount)) return begin(who);
      if (ahead >= options.mostWaitingOfAccount) throw refusal();
      if (waitingInAll >= options.mostWaiting) {
        const detail = 'Too many calls wait for an answer right now.';
        throw new HookwireError('overloaded', detail, { retryAfterSeconds: 1 });
      }
      return await wait(who, mostOfAccount, gone);
    },
  };
}
