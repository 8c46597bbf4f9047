import { Fifo } from '../../core/fifo.ts';

/** A part of the work for a body; gives the next. */
export type Step = () => Step | null;

/**
 * Large bodies are read by turns. Reading one of some MiB, and what its call does at once with it, keeps the main thread for
 * 15 to 60 ms; several that were complete at the same moment kept everybody waiting for all of them.
 */
export interface BodyTurns {
  /**
   * Reads a body: at once, or when it is its turn.
   *
   * @param who sends it; those who send take turns
   * @param read must not throw; the step that it gives is done in a turn of its own, after a rest, and so on
   * @returns `false`: too much of the sender, or of all, waits already, and it is not read
   */
  take(who: string, bytes: number, read: Step): boolean;
}

/** Bodies of so many bytes wait for nobody. */
const smallBytes = 16 * 1024;
/** What is read in one turn of the event loop, unless one body has more: some 2 ms. */
const turnBytes = 256 * 1024;
/** After a turn that took longer, the thread is for others as long as that took, and twice as long while others send. */
const shortMs = 4;
const mostRestMs = 100;
const othersAreNearMs = 250;

/** Bodies that wait are in memory: so much of one sender, and of all. */
export const mostBytesOfSender = 64 * 1024 * 1024;
export const mostBytesInAll = 256 * 1024 * 1024;

interface Waiting {
  readonly bytes: number;
  readonly read: Step;
}

interface Line {
  readonly waiting: Fifo<Waiting>;
  bytes: number;
}

export function createBodyTurns(): BodyTurns {
  /** In the order of their next turns. */
  const lines = new Map<string, Line>();
  let bytesInAll = 0;
  /** What is to be done with bodies that were read. */
  const steps: Step[] = [];
  let bytesOfTurn = 0;
  let beganAt = 0;
  /** When a small body came last. */
  let smallAt = Number.NEGATIVE_INFINITY;
  let turn: NodeJS.Immediate | null = null;
  let rest: NodeJS.Timeout | null = null;

  function begin({ bytes, read }: Waiting): void {
    if (!turn) {
      beganAt = performance.now();
      turn = setImmediate(end);
    }
    bytesOfTurn += bytes;
    const step = read();
    if (step) steps.push(step);
  }

  function run(step: Step): void {
    begin({ bytes: turnBytes, read: step });
  }

  function end(): void {
    turn = null;
    bytesOfTurn = 0;
    // Small bodies that were read meanwhile do not end a rest.
    if (rest) return;
    const took = performance.now() - beganAt;
    const times = performance.now() - smallAt < othersAreNearMs ? 2 : 1;
    if (took > shortMs) rest = setTimeout(goOn, Math.min(times * took, mostRestMs));
    else if (lines.size > 0 || steps.length > 0) goOn();
  }

  function goOn(): void {
    rest = null;
    const step = steps.shift();
    if (step) {
      run(step);
      return;
    }
    for (let next = head(); next && fits(next.waiting.bytes); next = head()) {
      const { who, line, waiting } = next;
      line.waiting.shift();
      line.bytes -= waiting.bytes;
      bytesInAll -= waiting.bytes;
      lines.delete(who);
      if (line.waiting.length > 0) lines.set(who, line);
      begin(waiting);
    }
  }

  function head(): { who: string; line: Line; waiting: Waiting } | undefined {
    for (const [who, line] of lines) {
      const waiting = line.waiting.peek();
      if (waiting) return { who, line, waiting };
    }
    return undefined;
  }

  function fits(bytes: number): boolean {
    return bytesOfTurn === 0 || bytesOfTurn + bytes <= turnBytes;
  }

  return {
    take(who, bytes, read) {
      const waiting = { bytes, read };
      if (bytes <= smallBytes) smallAt = performance.now();
      if (bytes <= smallBytes || (lines.size === 0 && steps.length === 0 && !rest && fits(bytes))) {
        begin(waiting);
        return true;
      }
      const line = lines.get(who) ?? { waiting: new Fifo<Waiting>(), bytes: 0 };
      if (line.bytes + bytes > mostBytesOfSender || bytesInAll + bytes > mostBytesInAll) return false;
      line.waiting.push(waiting);
      line.bytes += bytes;
      bytesInAll += bytes;
      lines.set(who, line);
      if (!turn && !rest) goOn();
      return true;
    },
  };
}
