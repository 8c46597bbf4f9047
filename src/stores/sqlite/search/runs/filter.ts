/**
 * Tells of most terms that a run has not that it has not: a Bloom filter in blocks, each for a stretch of terms, so that it is
 * made block by block from terms that come sorted. With 12 bits for a term, 3 of 1,000 that are not there seem to be.
 */
export const blockBytes = 384;
/** Terms of a block, on average: those of a chunk. Terms spread evenly, so that few have a third more. */
export const termsInBlock = 256;
/** Blocks that lie in a row of `index_filters`: as many as fit into a page (4,061 bytes). */
export const blocksInRow = 10;
const bitsInBlock = blockBytes * 8;
const probes = 6;

export function blocksFor(terms: number): number {
  return Math.max(1, Math.ceil(terms / termsInBlock));
}

/** @param blocks of the whole filter */
export function blockOf(term: number, blocks: number): number {
  return Math.floor((term / 2 ** 53) * blocks);
}

/** @param at where the term's block begins */
export function addToBlock(bits: Uint8Array, at: number, term: number): void {
  let bit = start(term);
  const step = (Math.imul(bit, 0x9e3779b1) >>> 7) | 1;
  for (let i = 0; i < probes; i++) {
    const place = bit % bitsInBlock;
    bits[at + (place >>> 3)] = (bits[at + (place >>> 3)] ?? 0) | (1 << (place & 7));
    bit = (bit + step) >>> 0;
  }
}

export function mayBeInBlock(bits: Uint8Array, at: number, term: number): boolean {
  let bit = start(term);
  const step = (Math.imul(bit, 0x9e3779b1) >>> 7) | 1;
  for (let i = 0; i < probes; i++) {
    const place = bit % bitsInBlock;
    if (((bits[at + (place >>> 3)] ?? 0) & (1 << (place & 7))) === 0) return false;
    bit = (bit + step) >>> 0;
  }
  return true;
}

/** 32 well-mixed bits (the end of MurmurHash3): in a term some bits may be the same in all of an account. */
function start(term: number): number {
  let mixed = (term | 0) ^ Math.imul(Math.floor(term / 2 ** 32), 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
