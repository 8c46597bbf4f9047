/** Where a part of the load goes, and what must hold for what arrives there. */
export interface KillTarget {
  readonly name: string;
  /** Of each call's events, so many hundredths. */
  readonly percent: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The `n`-th report of a round. */
  report(round: string, n: number): Report;
  /** Takes one report that arrived; gives the status to answer. */
  take(item: ArrivedItem): number;
  readonly book: Book;
}

export interface Report {
  /** The caller's own id, so that a call made again is not a second event. */
  readonly id: string;
  readonly messageId: string;
  readonly transactionId: string;
  readonly status: string;
  /** It is to be skipped as outdated. */
  readonly skipped: boolean;
}

/** A report as the webhook's parameter names write it. */
export interface ArrivedItem {
  readonly msg_id: string;
  readonly txn_id: string;
}

/** What was accepted and what arrived. */
export interface Book {
  /** Accepted, and to be delivered. */
  readonly expected: Set<string>;
  /** How often each arrived and was taken. */
  readonly taken: Map<string, number>;
  /** Reports that came before an earlier one of their message was taken, or after a later one, or are outdated. */
  disorder: number;
}

export function openBook(): Book {
  return { expected: new Set(), taken: new Map(), disorder: 0 };
}

/** A report's name: its message and its number within that. */
export function nameOf(messageId: string, transactionId: string): string {
  return `${messageId}/${transactionId}`;
}

export function missingIn({ expected, taken }: Book): number {
  let missing = 0;
  for (const name of expected) if (!taken.has(name)) missing++;
  return missing;
}

export function duplicatesIn({ taken }: Book): number {
  let duplicates = 0;
  for (const times of taken.values()) duplicates += times - 1;
  return duplicates;
}

function note({ taken }: Book, { msg_id, txn_id }: ArrivedItem): void {
  const name = nameOf(msg_id, txn_id);
  taken.set(name, (taken.get(name) ?? 0) + 1);
}

/** One report a message, one a request. */
export function plainTarget(percent = 100): KillTarget {
  return single('plain', percent, {});
}

/** One report a message, many a request. */
export function batchTarget(percent: number): KillTarget {
  return single('batch', percent, { batch: { maxItems: 50, maxWaitMs: 20 } });
}

function single(name: string, percent: number, settings: KillTarget['settings']): KillTarget {
  const book = openBook();
  return {
    name,
    percent,
    settings,
    book,
    report(round, n) {
      const id = `${round}-${name}-${n}`;
      return { id, messageId: id, transactionId: '0', status: 'delivered', skipped: false };
    },
    take(item) {
      note(book, item);
      return 200;
    },
  };
}

const inOrder = ['accepted', 'sent', 'delivered'];
/** Its last says less than the one before, so it is skipped. */
const endsOutdated = ['sent', 'delivered', 'accepted'];
const reports = inOrder.length;
/** Of so many messages one has a first report that is refused once, so that the others wait for its retry. */
const refusedEvery = 40;

/** Three reports a message, strictly one after another; one of four messages ends with an outdated one. */
export function orderedTarget(percent: number): KillTarget {
  const book = openBook();
  const refused = new Set<string>();
  /** The highest number of each message that was taken. */
  const reached = new Map<string, number>();
  return {
    name: 'ordered',
    percent,
    settings: { ordered: true },
    book,
    report(round, n) {
      const message = Math.floor(n / reports);
      const place = n % reports;
      const outdated = message % 4 === 0;
      const messageId = `${round}-ordered-${message}`;
      return {
        id: nameOf(messageId, String(place)),
        messageId,
        transactionId: String(place),
        status: (outdated ? endsOutdated : inOrder)[place] ?? '',
        skipped: outdated && place === reports - 1,
      };
    },
    take(item) {
      const { msg_id, txn_id } = item;
      const place = Number(txn_id);
      const message = Number(msg_id.slice(msg_id.lastIndexOf('-') + 1));
      const before = reached.get(msg_id) ?? -1;
      const isOutdated = message % 4 === 0 && place === reports - 1;
      // The one that was taken last may come again: the process was killed before it was recorded.
      if (isOutdated || (place !== before + 1 && place !== before)) book.disorder++;
      if (place === 0 && message % refusedEvery === 1 && !refused.has(msg_id)) {
        refused.add(msg_id);
        return 500;
      }
      reached.set(msg_id, Math.max(before, place));
      note(book, item);
      return 200;
    },
  };
}

/** Reports that all fail at first, and are sent again by a task. */
export interface OutageTarget extends KillTarget {
  /** The endpoint refuses everything. */
  isDown: boolean;
  readonly refused: number;
}

export function outageTarget(): OutageTarget {
  // Few requests, so that no breaker opens; slow, so that the task is under way for a while.
  const settings = { batch: { maxItems: 100, maxWaitMs: 50 }, ratePerSecond: 5, retry: { maxAttempts: 1 } };
  const target = single('outage', 0, settings);
  let refused = 0;
  return {
    ...target,
    isDown: false,
    get refused() {
      return refused;
    },
    take(item) {
      if (!this.isDown) return target.take(item);
      refused++;
      return 500;
    },
  };
}
