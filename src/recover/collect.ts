import { parseSequenceId } from '../core/ids.ts';
import type { DeliveryFilter, History } from '../stores/ports/history.ts';
import type { ReplayableState } from '../stores/ports/tasks.ts';

export interface CollectRequest {
  /** Of one webhook. */
  readonly filter: Omit<DeliveryFilter, 'state'>;
  readonly states: readonly ReplayableState[];
  /** Only deliveries behind this sequence number. */
  readonly after: number;
  /** So many are brought into memory at most, 8 bytes each. */
  readonly most: number;
  readonly isStopped: () => boolean;
}

export interface Collected {
  /** How many match. */
  readonly count: number;
  /** The oldest of them, by their sequence numbers, in order. */
  readonly oldest: Float64Array;
}

const pageSize = 1_000;

/**
 * Finds what matches. History lists from the newest on, so everything is counted and only the oldest is kept: whoever
 * has dealt with these asks again for what comes behind them.
 */
export async function collect(
  listIds: History['listDeliveryIds'],
  { filter, states, after, most, isStopped }: CollectRequest,
): Promise<Collected> {
  const kept: Float64Array[] = [];
  let count = 0;
  for (const state of states) {
    const tail = createTail(most);
    let cursor: string | null = null;
    do {
      const narrowed: DeliveryFilter = { ...filter, state };
      const page: Awaited<ReturnType<typeof listIds>> = await listIds(narrowed, { limit: pageSize, cursor });
      const found = Float64Array.from(page.data, sequenceOf).filter((sequence) => sequence > after);
      count += found.length;
      tail.add(found);
      // The list goes from the newest on, so nothing that is wanted comes behind one that is not.
      cursor = found.length < page.data.length ? null : page.nextCursor;
    } while (cursor !== null && !isStopped());
    kept.push(...tail.pages);
  }
  return { count, oldest: joined(kept).sort().slice(0, most) };
}

function sequenceOf(id: string): number {
  return parseSequenceId('dlv', id) ?? 0;
}

/** The last pages that together hold `most`. */
function createTail(most: number): { readonly pages: Float64Array[]; add(page: Float64Array): void } {
  const pages: Float64Array[] = [];
  let size = 0;
  return {
    pages,
    add(page) {
      pages.push(page);
      size += page.length;
      for (let first = pages[0]; first && size - first.length >= most; first = pages[0]) {
        size -= first.length;
        pages.shift();
      }
    },
  };
}

function joined(pages: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(pages.reduce((sum, page) => sum + page.length, 0));
  let at = 0;
  for (const page of pages) {
    all.set(page, at);
    at += page.length;
  }
  return all;
}
