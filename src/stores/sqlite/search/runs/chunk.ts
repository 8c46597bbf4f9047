/**
 * Pairs (term, number), sorted by both, as a chunk of a run holds them: some 11 bytes for a term that nobody else has, 2 to 4
 * for one more number of the same term, where they were 16 as they are.
 *
 * ```text
 * first term, least number (float64 each) │ varints, for each pair: term − the one before │ number − the least,
 *                                         │                        (of the first: 0)     │ or, of the same term, − the one before
 * ```
 */
export interface Chunk {
  readonly terms: Float64Array;
  readonly seqs: Float64Array;
  readonly length: number;
}

/** What fits into one page of the database beside its row's head (4,061 bytes). */
const mostBytes = 4_040;
const longestPair = 16;
const headBytes = 16;
const mostPairs = 2_030;

/** Makes chunks of pairs that come sorted. */
export interface ChunkWriter {
  readonly pairs: number;
  readonly firstTerm: number;
  readonly firstSeq: number;
  /** There is no room for one more pair for certain. */
  readonly isFull: boolean;
  add(term: number, seq: number): void;
  /** What was added since the last time. */
  take(): Uint8Array;
}

/** @param least no number is smaller */
export function createChunkWriter(least: number): ChunkWriter {
  const bytes = new Uint8Array(mostBytes + longestPair);
  const head = new Float64Array(2);
  let at = headBytes;
  let pairs = 0;
  let firstTerm = 0;
  let firstSeq = 0;
  let lastTerm = 0;
  let lastSeq = 0;

  function put(value: number): void {
    let rest = value;
    while (rest > 0x7fffffff) {
      bytes[at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    let small = rest | 0;
    while (small > 127) {
      bytes[at++] = (small & 127) | 128;
      small >>>= 7;
    }
    bytes[at++] = small;
  }

  return {
    get pairs() {
      return pairs;
    },
    get firstTerm() {
      return firstTerm;
    },
    get firstSeq() {
      return firstSeq;
    },
    get isFull() {
      return at > mostBytes - longestPair;
    },
    add(term, seq) {
      if (pairs === 0) {
        firstTerm = term;
        firstSeq = seq;
        lastTerm = term;
        put(0);
        put(seq - least);
      } else if (term === lastTerm) {
        put(0);
        put(seq - lastSeq);
      } else {
        put(term - lastTerm);
        put(seq - least);
        lastTerm = term;
      }
      lastSeq = seq;
      pairs++;
    },
    take() {
      head[0] = firstTerm;
      head[1] = least;
      bytes.set(new Uint8Array(head.buffer), 0);
      const chunk = bytes.slice(0, at);
      at = headBytes;
      pairs = 0;
      return chunk;
    },
  };
}

const noChunk: Chunk = { terms: new Float64Array(0), seqs: new Float64Array(0), length: 0 };
const terms = new Float64Array(mostPairs);
const seqs = new Float64Array(mostPairs);

export function readChunk(bytes: Uint8Array | undefined): Chunk {
  if (bytes === undefined) return noChunk;
  const [first = 0, least = 0] = new Float64Array(bytes.slice(0, headBytes).buffer);
  let at = headBytes;
  let term = first;
  let seq = 0;
  let length = 0;
  const end = bytes.length;
  // A merge reads some 20 of these for each event: four bytes as a whole number, and those behind as what it cannot hold.
  while (at < end) {
    let byte = bytes[at++] ?? 0;
    let small = byte & 127;
    for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
      byte = bytes[at++] ?? 0;
      small |= (byte & 127) << shift;
    }
    let difference = small;
    for (let place = 2 ** 28; byte > 127; place *= 128) {
      byte = bytes[at++] ?? 0;
      difference += (byte & 127) * place;
    }
    byte = bytes[at++] ?? 0;
    small = byte & 127;
    for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
      byte = bytes[at++] ?? 0;
      small |= (byte & 127) << shift;
    }
    let number = small;
    for (let place = 2 ** 28; byte > 127; place *= 128) {
      byte = bytes[at++] ?? 0;
      number += (byte & 127) * place;
    }
    seq = difference === 0 && length > 0 ? seq + number : least + number;
    term += difference;
    terms[length] = term;
    seqs[length++] = seq;
  }
  return { terms: terms.slice(0, length), seqs: seqs.slice(0, length), length };
}

/** The place of the first pair that is not before this one. */
export function placeIn({ terms, seqs, length }: Chunk, term: number, seq: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const here = terms[middle] ?? 0;
    if (here < term || (here === term && (seqs[middle] ?? 0) < seq)) low = middle + 1;
    else high = middle;
  }
  return low;
}
