import type { Clock, Timer } from './clock.ts';

/** What waits to be written. Whoever keeps it says in which form, and what becomes of it where too much waits. */
export interface Backlog<Batch> {
  /** In the unit in which it is taken. */
  readonly size: number;
  /** Takes out at most so many, those first that have waited longest. */
  take(most: number): Batch;
  /** Takes back what could not be written, without undoing what is newer. */
  putBack(batch: Batch): void;
}

/**
 * Writes behind whoever has something to write: many things at once, and again what could not be written.
 *
 * ```text
 * soon ──▸ waits ──▸ writes batch after batch, as much as waited when it began ──▸ all written
 *           ▲  ▲                            │                                    │
 *           │  └─ afterMs, or enough waits ─┼────────── more came meanwhile ─────┘
 *           └─ againMs ───── failed: back ──┘
 * ```
 */
export interface WriteBehind {
  /** Something waits: it is written before long. Cheap. */
  soon(): void;
  /** Resolves when what waits now is written, or could not be. Never rejects. */
  flush(): Promise<void>;
  /** Writes what waits, once; nothing is written after that. Never rejects. */
  close(): Promise<void>;
}

export interface WriteBehindOptions<Batch> {
  readonly backlog: Backlog<Batch>;
  readonly clock: Pick<Clock, 'setTimer'>;
  /** How long what comes first waits for more; 0: for what comes in the same turn. */
  readonly afterMs: number;
  /** How long what could not be written waits; as `afterMs` unless told. */
  readonly againMs?: number;
  readonly mostAtOnce: number;
  /** Where so many wait they are written at once; without: none of them are too many to wait. */
  readonly enough?: number;
  /** Rejects where nothing of it was written. */
  readonly write: (batch: Batch) => Promise<void>;
  /** Hears why; it waits again then. */
  readonly onFailure: (error: unknown) => void;
  /** Runs the way of a batch from the backlog to the disk so that nobody sees it in both or in neither. */
  readonly inTurn?: <T>(run: () => Promise<T>) => Promise<T>;
}

export function createWriteBehind<Batch>(options: WriteBehindOptions<Batch>): WriteBehind {
  const { backlog, clock, afterMs, againMs = afterMs, mostAtOnce, write, onFailure } = options;
  const enough = options.enough ?? Number.POSITIVE_INFINITY;
  const inTurn = options.inTurn ?? ((run) => run());
  let timer: Timer | null = null;
  let isDue = false;
  /** What failed is not tried again before its time, however much waits. */
  let isResting = false;
  /** Runs that were begun and have not ended: one writes, the others wait for it. */
  let runs = 0;
  let lastRun: Promise<void> = Promise.resolve();
  let closed = false;

  /** Resolves to how many these were. */
  async function writeSome(most: number): Promise<number> {
    const before = backlog.size;
    const batch = backlog.take(Math.min(most, mostAtOnce));
    const taken = before - backlog.size;
    if (taken === 0) return 0;
    try {
      await write(batch);
    } catch (error) {
      backlog.putBack(batch);
      throw error;
    }
    return taken;
  }

  /** What comes meanwhile waits for the next time: who is busy would keep this at work without end. */
  async function writeWhatWaits(): Promise<void> {
    for (let left = backlog.size; left > 0; ) {
      const taken = await inTurn(() => writeSome(left));
      left = taken === 0 ? 0 : left - taken;
    }
  }

  async function run(): Promise<void> {
    try {
      await writeWhatWaits();
      isResting = false;
    } catch (error) {
      isResting = true;
      onFailure(error);
    }
    runs--;
    if (backlog.size > 0) soon();
  }

  function begin(): Promise<void> {
    timer?.cancel();
    timer = null;
    isDue = false;
    runs++;
    lastRun = lastRun.then(run);
    return lastRun;
  }

  function later(ms: number): void {
    if (closed || isDue || runs > 0) return;
    isDue = true;
    if (ms > 0) timer = clock.setTimer(begin, ms);
    else queueMicrotask(() => void (isDue && begin()));
  }

  function soon(): void {
    if (isResting) later(againMs);
    else if (backlog.size < enough) later(afterMs);
    else if (!closed && runs === 0) void begin();
  }

  return {
    soon,
    flush: begin,
    close() {
      closed = true;
      return begin();
    },
  };
}
