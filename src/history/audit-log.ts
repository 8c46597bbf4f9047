import type { AuditEntry, AuditFilter, AuditStore, NewAuditEntry } from '../stores/ports/audit.ts';
import type { Page, PageRequest } from '../stores/ports/page.ts';

/** Who changed what: written behind the calls, in their order. */
export interface AuditLog {
  /**
   * Writes an entry, soon. What describes it may still have to be looked up (`null`: there is none after all); those
   * after it wait. One that cannot be described or stored is told to the program's log and lost; no call fails of it.
   */
  write(entry: NewAuditEntry | Promise<NewAuditEntry | null>): void;
  /** Newest first, with everything that was written before. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>;
  /** Resolves when everything is stored. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  readonly store: AuditStore;
  readonly log: { error(details: object, message: string): void };
  /** How many may wait to be stored; beyond it they are told to the log and lost. */
  readonly mostWaiting?: number;
}

const mostAtOnce = 200;

export function createAuditLog({ store, log, mostWaiting = 10_000 }: AuditLogOptions): AuditLog {
  const waiting: Promise<NewAuditEntry[]>[] = [];
  let writing: Promise<void> | null = null;

  async function describe(entry: NewAuditEntry | Promise<NewAuditEntry | null>): Promise<NewAuditEntry[]> {
    try {
      const described = await entry;
      return described ? [described] : [];
    } catch (error) {
      log.error({ err: error }, 'An entry of the audit log could not be made.');
      return [];
    }
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const entries = (await Promise.all(waiting.splice(0, mostAtOnce))).flat();
      try {
        await store.add(entries);
      } catch (error) {
        for (const entry of entries) {
          log.error({ err: error, audit: briefly(entry) }, 'An entry of the audit log could not be stored.');
        }
      }
    }
    writing = null;
  }

  async function written(): Promise<void> {
    while (writing) await writing;
  }

  return {
    write(entry) {
      if (waiting.length >= mostWaiting) {
        void describe(entry);
        log.error({ waiting: waiting.length }, 'An entry of the audit log was dropped: too many wait.');
        return;
      }
      waiting.push(describe(entry));
      writing ??= writeAll();
    },
    async list(filter, page) {
      await written();
      return store.list(filter, page);
    },
    close: written,
  };
}

/** What the program's log may know: ids, no names. */
function briefly({ at, accountId, actor, action, target }: NewAuditEntry): object {
  return { at, accountId, actor: `${actor.kind} ${actor.id}`, action, target: target?.id ?? null };
}
