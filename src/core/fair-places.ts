import { HookwireError } from './errors.ts';

/**
 * Places for what is under way, so many for each account and in all; those who come when there is none wait. Accounts come
 * by turns, so that who asks much holds up nobody who asks little.
 *
 * ```text
 * enter ──▸ under way ──▸ leave
 *    │ no place   ▲
 *    ▼            │ the next account in line, the first of its own
 * waiting (bounded) ──▸ refused beyond
 * ```
 */
export interface FairPlaces {
  /**
   * @param accountId whose place it is; `null`: an operator's
   * @param mostOfAccount how many places the account may have at once
   * @param gone aborts when no place is wanted any more; then it rejects
   * @returns gives the place back, once
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
  /** How many wait. */
  readonly waiting: number;
}

export interface FairPlacesOptions {
  /** Places in all. */
  readonly most: number;
  readonly mostWaiting: number;
  readonly mostWaitingOfAccount: number;
  /** Whether there is room for one more beside; there is unless told. */
  readonly hasRoom?: () => boolean;
}

interface Waiting {
  readonly most: number;
  readonly go: () => void;
}

const leftEarly = 'The caller left before it was its turn.';

export function createFairPlaces(options: FairPlacesOptions): FairPlaces {
  const underWay = new Map<string, number>();
  /** In the order of the accounts' next turns. */
  const lines = new Map<string, Waiting[]>();
  let inAll = 0;
  let waitingInAll = 0;

  function mayGo(who: string, most: number): boolean {
    return (underWay.get(who) ?? 0) < most && inAll < options.most && (options.hasRoom?.() ?? true);
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

  async function wait(who: string, most: number, gone: AbortSignal): Promise<() => void> {
    if (gone.aborted) throw new HookwireError('invalid_request', leftEarly);
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
      reject(new HookwireError('invalid_request', leftEarly));
    }
    gone.addEventListener('abort', leave, { once: true });
    line.push(waiting);
    waitingInAll++;
    return promise;
  }

  return {
    roomMade: letGo,
    get waiting() {
      return waitingInAll;
    },
    async enter(accountId, mostOfAccount, refusal, gone) {
      const who = accountId ?? '';
      const ahead = lines.get(who)?.length ?? 0;
      if (ahead === 0 && mayGo(who, mostOfAccount)) return begin(who);
      if (ahead >= options.mostWaitingOfAccount) throw refusal();
      if (waitingInAll >= options.mostWaiting) {
        const detail = 'The gateway has too many calls to answer right now.';
        throw new HookwireError('overloaded', detail, { retryAfterSeconds: 1 });
      }
      return await wait(who, mostOfAccount, gone);
    },
  };
}
