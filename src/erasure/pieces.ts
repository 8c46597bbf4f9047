import { setTimeout } from 'node:timers/promises';
import { createErasingPace, type PieceKind } from './erasing-pace.ts';

/** The program ends: the task goes on after the next start. */
export class Stopped extends Error {}

/**
 * Does one piece of work after another, with a rest behind each, so that others get most of the thread that does it, and nearly
 * all of it while events come in. Several tasks take turns at it, piece by piece: together they get no more than one.
 */
export interface Pieces {
  /**
   * In the order of the calls.
   * @param work is told how long a look through events may be, ms
   * @throws Stopped when the program ends
   */
  piece<T>(kind: PieceKind, work: (mostMs: number) => Promise<T>): Promise<T>;
  /** Waits a moment for something that takes one. @throws Stopped */
  rest(ms: number): Promise<void>;
  stop(): void;
}

/** @param handedIn events that were handed in by now, as a count */
export function createPieces(handedIn: () => number): Pieces {
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  // In real time, since it is about the disk.
  const pace = createErasingPace(() => performance.now(), handedIn);

  async function rest(ms: number): Promise<void> {
    const { signal } = stopping;
    await setTimeout(ms, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw new Stopped('The gateway is stopping.');
  }

  async function workAndRest<T>(kind: PieceKind, work: (mostMs: number) => Promise<T>): Promise<T> {
    if (stopping.signal.aborted) throw new Stopped('The gateway is stopping.');
    const before = performance.now();
    const done = await work(pace.lookMs());
    await rest(pace.restAfter(kind, performance.now() - before));
    return done;
  }

  return {
    piece(kind, work) {
      const mine = last.then(() => workAndRest(kind, work));
      last = mine.catch(() => {});
      return mine;
    },
    rest,
    stop: () => stopping.abort(),
  };
}
