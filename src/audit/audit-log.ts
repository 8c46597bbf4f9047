import { createLine } from '../core/backlogs.ts';
import type { Clock, Timer } from '../core/clock.ts';
import { createWriteBehind } from '../core/write-behind.ts';
import type { AuditEntry, AuditFilter, AuditStore, NewAuditEntry } from '../stores/ports/audit.ts';
import type { Page, PageRequest } from '../stores/ports/page.ts';
import { type CountKey, createCountedEntries } from './counted-entries.ts';

/** Who changed what: written behind the calls, in their order. */
export interface AuditLog {
  /**
   * Writes an entry, soon. What describes it may still have to be looked up (`null`: there is none after all); those
   * after it wait. One that cannot be described or stored is told to the program's log and lost; no call fails of it.
   */
  write(entry: NewAuditEntry | Promise<NewAuditEntry | null>): void;
  /** Writes an entry that anybody can cause, once for many: see {@link CountKey}. */
  count(entry: NewAuditEntry, key: CountKey): void;
  /** Newest first, with everything that was written before. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>;
  /** Resolves when everything is stored that was written until now. */
  flush(): Promise<void>;
  /** The same, for the end. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  readonly store: AuditStore;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly log: { error(details: object, message: string): void };
  /** How many may wait to be stored; beyond it they are told to the log and lost. */
  readonly mostWaiting?: number;
}

const mostAtOnce = 200;
const countsEveryMs = 10_000;

type Described = NewAuditEntry | Promise<NewAuditEntry | null>;

/** @param tell is told the id, or `null` where there is none */
interface Waiting {
  readonly entry: Promise<NewAuditEntry | null>;
  readonly tell: (id: string | null) => void;
}

export function createAuditLog({ store, clock, log, mostWaiting = 10_000 }: AuditLogOptions): AuditLog {
  const waiting = createLine<Waiting>(mostWaiting);
  const writing = createWriteBehind({
    ...{ backlog: waiting, clock, afterMs: 0, mostAtOnce },
    async write(batch) {
      const described = await Promise.all(batch.map(({ entry }) => entry));
      const ids = await storeAll(described.filter((entry) => entry !== null));
      let at = 0;
      for (const [index, { tell }] of batch.entries()) {
        tell(described[index] === null ? null : (ids[at++] ?? null));
      }
    },
    // Never: what could not be stored was told to the log and is lost.
    onFailure: () => {},
  });
  let counting: Promise<void> = Promise.resolve();
  let recounting: Timer | null = null;
  const counted = createCountedEntries({ clock, recount, write: (entry) => add(entry) });

  async function describe(entry: Described): Promise<NewAuditEntry | null> {
    try {
      return await entry;
    } catch (error) {
      log.error({ err: error }, 'An entry of the audit log could not be made.');
      return null;
    }
  }

  async function storeAll(entries: readonly NewAuditEntry[]): Promise<readonly string[]> {
    try {
      return await store.add(entries);
    } catch (error) {
      for (const entry of entries) {
        log.error({ err: error, audit: briefly(entry) }, 'An entry of the audit log could not be stored.');
      }
      return [];
    }
  }

  async function recount(id: string, times: number): Promise<void> {
    try {
      await store.recount(id, times);
    } catch (error) {
      log.error({ err: error, times }, 'A count of the audit log could not be stored.');
    }
  }

  function add(entry: Described): Promise<string | null> {
    const { promise, resolve: tell } = Promise.withResolvers<string | null>();
    const described = describe(entry);
    if (waiting.add({ entry: described, tell })) writing.soon();
    else {
      log.error({ waiting: waiting.size }, 'An entry of the audit log was dropped: too many wait.');
      tell(null);
    }
    return promise;
  }

  async function flush(): Promise<void> {
    recounting?.cancel();
    recounting = null;
    for (let seen: unknown = null; seen !== counting || waiting.size > 0; ) {
      seen = counting;
      await seen;
      await writing.flush();
    }
    await counted.flush();
  }

  return {
    write: (entry) => void add(entry),
    count(entry, key) {
      // One after another, so that two of one key are one entry.
      counting = counting
        .then(() => counted.count(entry, key))
        .catch((error: unknown) =>
          log.error({ err: error }, 'An entry of the audit log could not be counted.'),
        );
      recounting ??= clock.setTimer(() => void flush(), countsEveryMs);
    },
    async list(filter, page) {
      await flush();
      return store.list(filter, page);
    },
    flush,
    close: flush,
  };
}

/** What the program's log may know: ids, no names. */
function briefly({ at, accountId, actor, action, target }: NewAuditEntry): object {
  return { at, accountId, actor: `${actor.kind} ${actor.id}`, action, target: target?.id ?? null };
}
