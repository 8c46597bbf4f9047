import { setTimeout } from 'node:timers/promises';

/** The program ends: the task goes on after the next start. */
export class Stopped extends Error {}

/**
 * Does one piece of work after another, with a rest behind each, so that others get most of the thread that does it. Several
 * tasks take turns at it, piece by piece: together they get no more than one.
 */
export interface Pieces {
  /** In the order of the calls. @throws Stopped when the program ends */
  piece<T>(work: () => Promise<T>): Promise<T>;
  /** Waits a moment for something that takes one. @throws Stopped */
  rest(ms: number): Promise<void>;
  stop(): void;
}

/** For each ms of work so many of rest, in real time, since it is about the disk. */
const restFactor = 3;
const shortestRestMs = 2;
const longestRestMs = 300;

export function createPieces(): Pieces {
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  async function rest(ms: number): Promise<void> {
    const { signal } = stopping;
    await setTimeout(ms, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw new Stopped('The gateway is stopping.');
  }

  async function workAndRest<T>(work: () => Promise<T>): Promise<T> {
    if (stopping.signal.aborted) throw new Stopped('The gateway is stopping.');
    const before = performance.now();
    const done = await work();
    const spent = performance.now() - before;
    await rest(Math.min(longestRestMs, Math.max(shortestRestMs, spent * restFactor)));
    return done;
  }

  return {
    piece(work) {
      const mine = last.then(() => workAndRest(work));
      last = mine.catch(() => {});
      return mine;
    },
    rest,
    stop: () => stopping.abort(),
  };
}
