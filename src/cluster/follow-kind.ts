import type { Clock, Timer } from '../core/clock.ts';

/** Things of one kind that a process has in memory, as they are in the store, where other processes change them. */
export interface Followed<Thing> {
  /** Those of these ids that there are. */
  read(ids: readonly string[]): Promise<readonly Thing[]>;
  /** All that there are, page by page. */
  readAll(): AsyncIterable<readonly Thing[]>;
  idOf(thing: Thing): string;
  /** The ids of those in memory. */
  known(): Iterable<string>;
  /** Called where it may differ. */
  put(thing: Thing): void;
  /** Called for one that is not there, which may not be in memory either. */
  remove(id: string): void;
}

export interface FollowKindOptions<Thing> {
  readonly followed: Followed<Thing>;
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Reading failed, and is tried again until it succeeds; told of the first time in a row. */
  readonly onFailure: (error: unknown) => void;
}

export interface FollowedKind {
  /** Somebody has changed it in the store: it is read again soon. */
  changed(id: string): void;
  /** This process has changed it in the store and in memory: it is read again, and what is being read is not put over it. */
  changedHere(id: string): void;
  /** Any may have changed: all are read again. */
  missed(): void;
  /**
   * Reads one as it is now, or later.
   * @throws what reading fails with: then nothing is known
   */
  readNow(id: string): Promise<void>;
  /** Resolves when all that was changed until now is in memory as it was changed; waits while the store cannot be read. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What is being read, and what of it must not be put into memory, which has had something else since. */
interface Reading {
  readonly overtaken: Set<string>;
}

const mostAtOnce = 200;
const mostInARow = 3;
/** What changes again and again is read so often at most. */
const restsMs = 50;
const shortestAgainMs = 250;
const longestAgainMs = 2_000;

/**
 * Keeps memory as the store is, which is changed by any process, this one among them.
 *
 * What was read of a thing is put into memory only where nobody has put anything there since that reading began; else it is read
 * again. So whatever memory holds was there when the reading began, and what was read is the same or newer: no version or instant
 * is compared, which clocks of several machines could get wrong, and signing secrets have none. Whoever changes a thing in this
 * process puts it into memory when it is written, which is a little later: another process may have changed it meanwhile, and that
 * been read and put already. So after each such change it is read once more, and memory is as the store is.
 *
 * ```text
 * changed, changedHere, missed ──▸ stale ──▸ read, many at once ──▸ put or removed
 *                                    ▲              │ overtaken, failed
 *                                    └──────────────┘
 * ```
 */
export function followKind<Thing>({ followed, clock, onFailure }: FollowKindOptions<Thing>): FollowedKind {
  const stale = new Set<string>();
  let allAreStale = false;
  /** What is stale by itself goes before the next try. */
  let hasFailedWithAll = false;
  const readings = new Set<Reading>();
  let failures = 0;
  let timer: Timer | null = null;
  let running: Promise<void> | null = null;
  /** Is told when what is being read, or will be next, has been. */
  let read = Promise.withResolvers<void>();
  let closed = false;

  /** Memory has something else of it from now on. */
  function overtake(id: string, by: Reading | null): void {
    for (const reading of readings) if (reading !== by) reading.overtaken.add(id);
  }

  function take(id: string, thing: Thing | undefined, reading: Reading): boolean {
    if (closed || reading.overtaken.has(id)) return false;
    overtake(id, reading);
    if (thing === undefined) followed.remove(id);
    else followed.put(thing);
    return true;
  }

  async function during<T>(read: (reading: Reading) => Promise<T>): Promise<T> {
    const reading: Reading = { overtaken: new Set() };
    readings.add(reading);
    try {
      return await read(reading);
    } finally {
      readings.delete(reading);
    }
  }

  /** @returns those that are to be read again */
  async function readSome(ids: readonly string[], reading: Reading): Promise<readonly string[]> {
    const found = new Map((await followed.read(ids)).map((thing) => [followed.idOf(thing), thing]));
    return ids.filter((id) => !take(id, found.get(id), reading));
  }

  async function readAll(reading: Reading): Promise<void> {
    const unseen = new Set(followed.known());
    for await (const page of followed.readAll()) {
      if (closed) return;
      for (const thing of page) {
        const id = followed.idOf(thing);
        unseen.delete(id);
        if (!take(id, thing, reading)) stale.add(id);
      }
    }
    // They are gone, or came and went between two pages.
    for (const id of unseen) stale.add(id);
  }

  async function readStale(): Promise<void> {
    if (allAreStale && !(hasFailedWithAll && stale.size > 0)) {
      allAreStale = false;
      try {
        await during(readAll);
      } catch (error) {
        allAreStale = true;
        hasFailedWithAll = true;
        throw error;
      }
      return;
    }
    hasFailedWithAll = false;
    const ids = [...stale].slice(0, mostAtOnce);
    for (const id of ids) stale.delete(id);
    try {
      await readOrBack(ids);
    } catch (error) {
      if (ids.length === 1) throw error;
      await readOneByOne(ids);
    }
  }

  async function readOrBack(ids: readonly string[]): Promise<void> {
    try {
      for (const id of await during((reading) => readSome(ids, reading))) stale.add(id);
    } catch (error) {
      for (const id of ids) stale.add(id);
      throw error;
    }
  }

  /** What cannot be read holds up nothing else. Where several fail, one after another, it is the store that does. */
  async function readOneByOne(ids: readonly string[]): Promise<void> {
    const errors: unknown[] = [];
    let inARow = 0;
    for (const id of ids) {
      if (inARow === mostInARow || closed) break;
      stale.delete(id);
      await readOrBack([id]).then(
        () => {
          inARow = 0;
        },
        (error: unknown) => {
          inARow++;
          errors.push(error);
        },
      );
    }
    if (errors.length > 0) throw errors[0];
  }

  /** @returns how long to wait before what is stale then is read */
  async function run(): Promise<number> {
    try {
      await readStale();
      failures = 0;
      return stale.size >= mostAtOnce || allAreStale ? 0 : restsMs;
    } catch (error) {
      if (!closed && failures === 0) onFailure(error);
      return Math.min(shortestAgainMs * 2 ** failures++, longestAgainMs);
    }
  }

  function readIn(ms: number): void {
    timer = clock.setTimer(() => {
      if (stale.size === 0 && !allAreStale) {
        timer = null;
        return;
      }
      running = run().then((pause) => {
        running = null;
        read.resolve();
        read = Promise.withResolvers();
        if (!closed) readIn(pause);
      });
    }, ms);
  }

  function readSoon(): void {
    if (!closed && timer === null) readIn(0);
  }

  return {
    changed(id) {
      stale.add(id);
      readSoon();
    },
    changedHere(id) {
      overtake(id, null);
      stale.add(id);
      readSoon();
    },
    missed() {
      allAreStale = true;
      readSoon();
    },
    async readNow(id) {
      while ((await during((reading) => readSome([id], reading))).length > 0)
        if (closed) throw new Error('Nothing is read any more: the process ends.');
    },
    async settled() {
      await running;
      const left = new Set(stale);
      for (let isAll = allAreStale; (left.size > 0 || isAll) && !closed; isAll &&= allAreStale) {
        await read.promise;
        for (const id of left) if (!stale.has(id)) left.delete(id);
      }
    },
    async close() {
      closed = true;
      read.resolve();
      timer?.cancel();
      await running;
    },
  };
}
