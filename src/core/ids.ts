import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/**
 * Ids are opaque strings with a prefix. Two kinds:
 * - *random* ids (`acc_`, `wh_`, `key_`, `snd_`, `task_`, `mem_`, `per_`, `plk_`) for things that people make;
 * - *sequence* ids (`evt_`, `dlv_`, `aud_`) for things that arrive by the thousand: a 53-bit number whose high bits are
 *   the millisecond of arrival, so rows lie in the order of arrival (SQLite takes 160,000+ rows/s in key order and
 *   38,000 with random keys) and a time range is a key range.
 *
 * ```text
 * 52                    12 11          0
 * ├── ms since 2025-01-01 ─┼── counter ──┤   good until 2094, 4,096 per millisecond, then runs ahead
 * ```
 */
export type SequencePrefix = 'evt' | 'dlv' | 'aud';
export type RandomPrefix = 'acc' | 'wh' | 'key' | 'snd' | 'task' | 'test' | 'mem' | 'per' | 'plk';

const sequenceEpochMs = Date.UTC(2025, 0, 1);
const perMs = 4096;
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const digits = 11;

/** The lowest sequence number of the millisecond `atMs`. */
export function sequenceAt(atMs: number): number {
  return Math.max(0, atMs - sequenceEpochMs) * perMs;
}

/** The instant (ms since the Unix epoch) that a sequence number carries. */
export function sequenceTime(sequence: number): number {
  return Math.floor(sequence / perMs) + sequenceEpochMs;
}

/** Hands out strictly rising sequence numbers. */
export interface Sequence {
  /** Reserves `count` consecutive numbers and returns the first. */
  take(count: number): number;
}

/**
 * @param above the largest number that is already in use (so that a clock set back never repeats one)
 */
export function createSequence(clock: Pick<Clock, 'now'>, above = 0): Sequence {
  let next = above + 1;
  return {
    take(count) {
      const first = Math.max(next, sequenceAt(clock.now()));
      next = first + count;
      return first;
    },
  };
}

/** Writes a sequence number as an id: the prefix and 11 Crockford base-32 digits, sortable as text. */
export function sequenceId(prefix: SequencePrefix, sequence: number): string {
  let high = Math.floor(sequence / 2 ** 30);
  let low = sequence % 2 ** 30;
  let text = '';
  for (let i = 0; i < 6; i++) {
    text = alphabet.charAt(low & 31) + text;
    low >>>= 5;
  }
  for (let i = 6; i < digits; i++) {
    text = alphabet.charAt(high & 31) + text;
    high >>>= 5;
  }
  return `${prefix}_${text}`;
}

/** Reads a sequence id back; `null` for anything that {@link sequenceId} did not write. */
export function parseSequenceId(prefix: SequencePrefix, id: string): number | null {
  const start = prefix.length + 1;
  if (id.length !== start + digits || !id.startsWith(prefix) || id.charAt(prefix.length) !== '_') return null;
  let sequence = 0;
  for (let i = start; i < id.length; i++) {
    const digit = alphabet.indexOf(id.charAt(i));
    if (digit < 0) return null;
    sequence = sequence * 32 + digit;
  }
  return sequence <= Number.MAX_SAFE_INTEGER ? sequence : null;
}

/** A new random id: the prefix and 80 random bits in base 32. */
export function randomId(prefix: RandomPrefix): string {
  let text = '';
  for (const byte of randomBytes(16)) text += alphabet.charAt(byte & 31);
  return `${prefix}_${text}`;
}
