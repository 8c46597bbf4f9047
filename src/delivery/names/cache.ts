import type { Clock } from '../../core/clock.ts';
import type { NameAnswer, RecordType } from './message.ts';

/** What is known of a name's addresses of one type. */
export interface Known {
  readonly answer: NameAnswer;
  /** Its time to live is over: better than nothing for a while. */
  readonly isStale: boolean;
}

/** Answers of name servers, for as long as they say. */
export interface NameCache {
  get(name: string, type: RecordType): Known | null;
  put(name: string, type: RecordType, answer: NameAnswer): void;
  /** No server answers: what is known of a name serves as if it were fresh, for half a minute (RFC 8767, 5). */
  hold(name: string): void;
  clear(): void;
  readonly size: number;
}

/** An entry has some 300 bytes. */
const mostEntries = 20_000;
/** With a time to live of 0 each request would ask anew. */
const shortestMs = 1_000;
const longestMs = 24 * 3_600_000;
/** Names that were absent may be there soon: their owner is just setting them up. */
const longestAbsentMs = 60_000;
const absentMs = 10_000;
/** What was an address an hour ago still is, mostly (RFC 8767). */
const staleMs = 3_600_000;
const holdMs = 30_000;

interface Entry {
  readonly answer: NameAnswer;
  readonly storedAt: number;
  readonly freshMs: number;
  /** Until then it is better than nothing. */
  readonly staleMs: number;
}

export function createNameCache(clock: Clock): NameCache {
  // In the order of use; the first is the one that nobody has wanted for longest.
  const entries = new Map<string, Entry>();

  function freshMs(answer: NameAnswer): number {
    if (answer.kind === 'addresses') return clamp(answer.ttl * 1000, longestMs);
    return answer.ttl === null ? absentMs : clamp(answer.ttl * 1000, longestAbsentMs);
  }

  return {
    get(name, type) {
      const key = `${type} ${name}`;
      const entry = entries.get(key);
      if (!entry) return null;
      const ageMs = clock.now() - entry.storedAt;
      const isFresh = ageMs < entry.freshMs;
      const isOfUse = isFresh || ageMs < entry.staleMs;
      entries.delete(key);
      // Less than nothing: the clock was set back, so how old it is cannot be told.
      if (ageMs < 0 || !isOfUse) return null;
      entries.set(key, entry);
      return { answer: entry.answer, isStale: !isFresh };
    },
    put(name, type, answer) {
      const key = `${type} ${name}`;
      entries.delete(key);
      const fresh = freshMs(answer);
      // That there is no address of the other type goes with the addresses of the one.
      const stale = answer.kind === 'unknown' ? fresh : fresh + staleMs;
      entries.set(key, { answer, storedAt: clock.now(), freshMs: fresh, staleMs: stale });
      if (entries.size <= mostEntries) return;
      const [oldest = ''] = entries.keys();
      entries.delete(oldest);
    },
    hold(name) {
      for (const type of ['A', 'AAAA']) {
        const key = `${type} ${name}`;
        const entry = entries.get(key);
        if (!entry) continue;
        const freshMs = Math.min(clock.now() - entry.storedAt + holdMs, entry.staleMs);
        if (freshMs > entry.freshMs) entries.set(key, { ...entry, freshMs });
      }
    },
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}

function clamp(ms: number, most: number): number {
  return Math.min(Math.max(ms, shortestMs), most);
}
