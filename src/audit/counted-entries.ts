import type { Clock } from '../core/clock.ts';
import type { NewAuditEntry } from '../stores/ports/audit.ts';

/**
 * What is counted together: `narrow` while there is room for it, else `wide`, which there are few of.
 *
 * A failed sign-in is narrow by its network and address; wide it is by the address where a person has it, else with all
 * others. So whoever tries from everywhere, under names that nobody has, fills one entry, and does not hide in it who
 * tries the address of a person.
 */
export interface CountKey {
  readonly narrow: string;
  wide(): Promise<{ readonly key: string; readonly entry: NewAuditEntry }>;
}

/** Entries that anybody can cause, as often as they like: one for each key and quarter of an hour, with a count. */
export interface CountedEntries {
  /** Counts one more; the first of its key and window is written. */
  count(entry: NewAuditEntry, key: CountKey): Promise<void>;
  /** Writes the counts that are not written yet. */
  flush(): Promise<void>;
}

export interface CountedEntriesParts {
  readonly clock: Pick<Clock, 'now'>;
  /** Writes an entry; its id, or `null` where it could not be. */
  readonly write: (entry: NewAuditEntry) => Promise<string | null>;
  /** Writes how often an entry stands for. */
  readonly recount: (id: string, times: number) => Promise<void>;
}

interface Counted {
  readonly id: Promise<string | null>;
  times: number;
  writtenTimes: number;
}

const windowMs = 15 * 60 * 1000;
const mostNarrow = 100;

export function createCountedEntries({ clock, write, recount }: CountedEntriesParts): CountedEntries {
  let counted = new Map<string, Counted>();
  let until = 0;

  async function flush(): Promise<void> {
    for (const each of [...counted.values()]) {
      const { times, writtenTimes } = each;
      const id = times === writtenTimes ? null : await each.id;
      if (id === null) continue;
      each.writtenTimes = times;
      await recount(id, times);
    }
  }

  function one(key: string, entry: NewAuditEntry): void {
    const known = counted.get(key);
    if (known) known.times++;
    else counted.set(key, { id: write(entry), times: 1, writtenTimes: 1 });
  }

  return {
    async count(entry, { narrow, wide }) {
      const now = clock.now();
      if (now >= until) {
        await flush();
        if (now >= until) {
          counted = new Map();
          until = now + windowMs;
        }
      }
      if (counted.has(narrow) || counted.size < mostNarrow) return one(narrow, entry);
      const { key, entry: ofMany } = await wide();
      one(key, ofMany);
    },
    flush,
  };
}
