import type { Clock } from './clock.ts';
import { type Sequence, sequenceAt } from './ids.ts';

/**
 * How far apart the numbers of one process lie where several share a database: each takes those that are its own modulo this,
 * so that they need not talk about numbers. That leaves each 128 numbers a millisecond before it runs ahead of the clock.
 */
export const nodeStride = 32;

/**
 * Numbers of one of several processes, rising by {@link nodeStride}: `take(3)` reserves the one that it returns and the two
 * that lie 32 and 64 behind it.
 *
 * @param node which process it is, from 0 to 31
 * @param above the largest number that is already in use, by whichever process
 */
export function createNodeSequence(clock: Pick<Clock, 'now'>, node: number, above = 0): Sequence {
  if (!Number.isInteger(node) || node < 0 || node >= nodeStride) {
    throw new RangeError(`A process's number is from 0 to ${nodeStride - 1}, not ${node}.`);
  }
  let next = ownAt(node, above + 1);
  return {
    take(count) {
      const first = Math.max(next, ownAt(node, sequenceAt(clock.now())));
      next = first + nodeStride * count;
      return first;
    },
  };
}

/** Whether it is one of this process's numbers. */
export function isOfNode(sequence: number, node: number): boolean {
  return sequence % nodeStride === node;
}

/** The first number of the process from this one on. */
function ownAt(node: number, from: number): number {
  return from + ((node - (from % nodeStride) + nodeStride) % nodeStride);
}
