import type { Clock, Timer } from '../core/clock.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';

/** What the processes that share a store tell each other of what came to wait and waits no more. */
export interface WaitingNews {
  /** Here, by so many. */
  changed(accountId: string, deliveries: number): void;
  /** Something happened here that nobody can follow. */
  recount(): void;
  /** There are others to be told. */
  readonly hasOthers: boolean;
  close(): void;
}

/** A process has told of an account. */
export interface HeardChange {
  readonly accountId: string;
  readonly deliveries: number;
  /** Deliveries that came or went. */
  readonly moved: number;
}

export interface WaitingNewsOptions {
  readonly messages: Pick<ProcessMessages, 'tell' | 'on' | 'onMissed'>;
  readonly hasOthers: () => boolean;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly onChanged: (change: HeardChange) => void;
  /** To be counted anew: something was missed, or happened elsewhere that nobody can follow. */
  readonly onRecount: () => void;
}

/** What is told: sums since the process's start, so that a word that is lost is made good by the next one. */
interface NewsBody {
  /** Account, sum and movement as they were told before, sum and movement now. */
  readonly changes: readonly (readonly [string, number, number, number, number])[];
  readonly recount: boolean;
}

interface Sums {
  net: number;
  moved: number;
}

const kind = 'waiting';
/** What changes waits to be told for so long, and is on its way for some ms. */
export const tellEveryMs = 1_000;
/** More than can run at once: of those that are gone nothing is kept for ever. */
const mostProcesses = 64;

export function createWaitingNews(options: WaitingNewsOptions): WaitingNews {
  const { messages, hasOthers, clock, onChanged, onRecount } = options;
  const own = new Map<string, Sums & { readonly told: Sums }>();
  const changed = new Set<string>();
  const heard = new Map<string, Map<string, Sums>>();
  let isToRecount = false;
  let timer: Timer | null = null;
  let closed = false;

  function tellSoon(): void {
    if (!closed) timer ??= clock.setTimer(tell, tellEveryMs);
  }

  function tell(): void {
    timer = null;
    const changes = [...changed].map((accountId) => {
      const { net, moved, told } = own.get(accountId) as Sums & { told: Sums };
      const before = { ...told };
      Object.assign(told, { net, moved });
      return [accountId, before.net, before.moved, net, moved] as const;
    });
    const body: NewsBody = { changes, recount: isToRecount };
    changed.clear();
    isToRecount = false;
    if (hasOthers()) messages.tell(null, kind, body);
  }

  function knownOf(from: string): Map<string, Sums> {
    const known = heard.get(from) ?? new Map<string, Sums>();
    // The latest last.
    heard.delete(from);
    heard.set(from, known);
    const [oldest] = heard.keys();
    if (heard.size > mostProcesses && oldest !== undefined) heard.delete(oldest);
    return known;
  }

  messages.on(kind, (told, from) => {
    const { changes, recount } = told as NewsBody;
    const known = knownOf(from);
    for (const [accountId, netBefore, movedBefore, net, moved] of changes) {
      const before = known.get(accountId) ?? { net: netBefore, moved: movedBefore };
      known.set(accountId, { net, moved });
      onChanged({ accountId, deliveries: net - before.net, moved: moved - before.moved });
    }
    if (recount) onRecount();
  });
  messages.onMissed(onRecount);

  return {
    changed(accountId, deliveries) {
      const sums = own.get(accountId) ?? { net: 0, moved: 0, told: { net: 0, moved: 0 } };
      own.set(accountId, sums);
      sums.net += deliveries;
      sums.moved += Math.abs(deliveries);
      changed.add(accountId);
      tellSoon();
    },
    recount() {
      isToRecount = true;
      tellSoon();
    },
    get hasOthers() {
      return hasOthers();
    },
    close() {
      closed = true;
      timer?.cancel();
    },
  };
}
