/** Float64 pairs (term, sequence number), as the blobs of the look-up tables hold them. */

export function encodePairs(pairs: readonly number[]): Uint8Array {
  return bytesOf(new Float64Array(pairs));
}

export function bytesOf(pairs: Float64Array): Uint8Array {
  return new Uint8Array(pairs.buffer, pairs.byteOffset, pairs.byteLength);
}

export function decodePairs(blob: Uint8Array): Float64Array {
  if (blob.byteOffset % 8 === 0) return new Float64Array(blob.buffer, blob.byteOffset, blob.byteLength / 8);
  return new Float64Array(blob.slice().buffer);
}

/** The same pairs, by term and then by sequence number. */
export function sortPairs(pairs: readonly number[]): Float64Array {
  const order = Array.from({ length: pairs.length / 2 }, (_, i) => i * 2);
  const at = (i: number): number => pairs[i] ?? 0;
  order.sort((x, y) => at(x) - at(y) || at(x + 1) - at(y + 1));
  const sorted = new Float64Array(pairs.length);
  let to = 0;
  for (const from of order) {
    sorted[to++] = at(from);
    sorted[to++] = at(from + 1);
  }
  return sorted;
}

/** The sequence numbers of the terms from one to before another in sorted pairs; of one term they rise. */
export function findInSorted(pairs: Float64Array, from: number, before = from + 1): number[] {
  let low = 0;
  let high = pairs.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pairs[middle * 2] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let i = low * 2; i < pairs.length && (pairs[i] ?? 0) < before; i += 2) found.push(pairs[i + 1] ?? 0);
  return found;
}

/** The sequence numbers of a term in unsorted pairs, in their order. */
export function findInUnsorted(pairs: Float64Array, term: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === term) found.push(pairs[i + 1] ?? 0);
  return found;
}

/** The sequence numbers of any of these terms in unsorted pairs, in their order. */
export function findAnyInUnsorted(pairs: Float64Array, terms: ReadonlySet<number>): number[] {
  const [only] = terms;
  if (terms.size === 1 && only !== undefined) return findInUnsorted(pairs, only);
  const found: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (terms.has(pairs[i] ?? 0)) found.push(pairs[i + 1] ?? 0);
  return found;
}

/** The sequence numbers of the terms in any of these ranges in unsorted pairs, in their order. */
export function findRangesInUnsorted(
  pairs: Float64Array,
  ranges: readonly { readonly from: number; readonly before: number }[],
): number[] {
  const found: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const term = pairs[i] ?? 0;
    for (const { from, before } of ranges) {
      if (term < from || term >= before) continue;
      found.push(pairs[i + 1] ?? 0);
      break;
    }
  }
  return found;
}
