import { Fifo } from '../../../core/fifo.ts';

/**
 * Loads on their way to the writer, a few at a time: it takes one request after another, and a thousand lanes that load at
 * once would keep the next commit waiting for all of them.
 */
export interface LoadQueue {
  /** @param rows that it brings at most @param ask begins it, and calls back when it has ended */
  add(rows: number, ask: (ended: () => void) => void): void;
}

/** Rows that may be under way, at some 5 to 10 µs of the writer each; a single load of more goes alone. */
const mostRows = 1_000;
/** What the shortest load costs, in rows. */
const fewestRows = 20;

export function createLoadQueue(): LoadQueue {
  const waiting = new Fifo<{ readonly rows: number; readonly ask: (ended: () => void) => void }>();
  let underWay = 0;

  function start(): void {
    for (let next = waiting.peek(); next; next = waiting.peek()) {
      const { rows, ask } = next;
      if (underWay > 0 && underWay + rows > mostRows) return;
      waiting.shift();
      underWay += rows;
      ask(() => {
        underWay -= rows;
        start();
      });
    }
  }

  return {
    add(rows, ask) {
      waiting.push({ rows: Math.max(rows, fewestRows), ask });
      start();
    },
  };
}
