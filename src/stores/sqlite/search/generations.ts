import type { Span } from './found.ts';

/**
 * The identities that came since this process began, as filters in memory that no merge changes: each is longer than the one
 * before, so that a handful answers for tens of millions, with one place of memory each, where the filters of the runs that hold
 * them are some twenty.
 *
 * ```text
 * 1 million │ 1 million │ 2 million │ 4 million │ 8 million │ 8 million …, 12 bits for an identity
 * ```
 */
export interface Generations {
  readonly bytes: number;
  add(term: number, seq: number): void;
  /** Where numbers lie that may have this term; nowhere, almost always. */
  find(term: number): readonly Span[];
  /**
   * Lets the oldest go, if there is one before those that hold the last so many identities.
   *
   * @param before only if all of its numbers are before this one
   * @returns the greatest number in it; `null`: none goes
   */
  dropOldest(kept: number, before: number): number | null;
}

export interface GenerationSizes {
  /** Identities of the first one. */
  readonly fewest: number;
  readonly most: number;
}

interface Generation {
  readonly bits: Int32Array;
  readonly blocks: number;
  readonly capacity: number;
  count: number;
  first: number;
  last: number;
}

/** A block of a filter is as long as a line of the processor's cache: 512 bits for 43 identities, on average. */
const wordsInBlock = 16;
const bitsInBlock = 32 * wordsInBlock;
const bitsOfOne = 12;
const probes = 5;
const none: readonly Span[] = [];

export function createGenerations(
  { fewest, most }: GenerationSizes = { fewest: 2 ** 20, most: 2 ** 23 },
): Generations {
  /** The newest first. */
  let generations: readonly Generation[] = [];
  let bytes = 0;

  function begun(): Generation {
    const together = generations.reduce((sum, { capacity }) => sum + capacity, 0);
    const made = emptyGeneration(Math.min(most, Math.max(fewest, together)));
    generations = [made, ...generations];
    bytes += made.bits.byteLength;
    return made;
  }

  return {
    get bytes() {
      return bytes;
    },
    add(term, seq) {
      const [newest] = generations;
      const generation = newest && newest.count < newest.capacity ? newest : begun();
      generation.count++;
      if (seq < generation.first) generation.first = seq;
      if (seq > generation.last) generation.last = seq;
      const mixed = mix(term);
      mark(generation, mixed, mixAgain(mixed, term));
    },
    find(term) {
      const mixed = mix(term);
      const again = mixAgain(mixed, term);
      let found = none;
      for (const generation of generations) {
        if (!mayHave(generation, mixed, again)) continue;
        found = [...found, { from: generation.first, before: generation.last + 1 }];
      }
      return found;
    },
    dropOldest(kept, before) {
      const oldest = generations.at(-1);
      const others = generations.slice(0, -1);
      if (!oldest || others.length === 0 || oldest.last >= before) return null;
      if (others.reduce((sum, { count }) => sum + count, 0) < kept) return null;
      generations = others;
      bytes -= oldest.bits.byteLength;
      return oldest.last;
    },
  };
}

function emptyGeneration(capacity: number): Generation {
  const blocks = Math.ceil((capacity * bitsOfOne) / bitsInBlock);
  return {
    ...{ bits: new Int32Array(blocks * wordsInBlock), blocks, capacity },
    ...{ count: 0, first: Number.MAX_SAFE_INTEGER, last: 0 },
  };
}

function mark({ bits, blocks }: Generation, mixed: number, again: number): void {
  const at = placeOf(mixed, blocks);
  const step = stepOf(again);
  let bit = again >>> 23;
  for (let i = 0; i < probes; i++) {
    const word = at + (bit >>> 5);
    bits[word] = (bits[word] ?? 0) | (1 << (bit & 31));
    bit = (bit + step) & (bitsInBlock - 1);
  }
}

function mayHave({ bits, blocks }: Generation, mixed: number, again: number): boolean {
  const at = placeOf(mixed, blocks);
  const step = stepOf(again);
  let bit = again >>> 23;
  for (let i = 0; i < probes; i++) {
    if (((bits[at + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) === 0) return false;
    bit = (bit + step) & (bitsInBlock - 1);
  }
  return true;
}

/** 32 well-mixed bits (the end of MurmurHash3): in a term some bits may be the same in all of an account. */
function mix(term: number): number {
  let mixed = (term | 0) ^ Math.imul(Math.floor(term / 2 ** 32), 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** 32 more: of eight million terms 1 of 500 has the first ones of another one. */
function mixAgain(mixed: number, term: number): number {
  const again = Math.imul(mixed ^ (term | 0), 0x9e3779b1);
  return again ^ (again >>> 15);
}

/** The word with which a block begins. */
function placeOf(mixed: number, blocks: number): number {
  return Math.floor(((mixed >>> 0) / 2 ** 32) * blocks) * wordsInBlock;
}

/** From one bit to the next: odd, so that none is met twice. */
function stepOf(again: number): number {
  return ((again >>> 14) & (bitsInBlock - 1)) | 1;
}
