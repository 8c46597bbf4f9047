import type { Io } from './io.ts';

/** A line on standard error that tells how far something is; on a terminal only. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

const everyMs = 200;

export function createProgressLine(io: Pick<Io, 'err' | 'isTerminal'>): ProgressLine {
  let shownAt = -everyMs;
  let shown = '';
  return {
    show(text) {
      if (!io.isTerminal || performance.now() - shownAt < everyMs) return;
      shownAt = performance.now();
      io.err(`\r${text.padEnd(shown.length)}`);
      shown = text;
    },
    clear() {
      if (shown !== '') io.err(`\r${' '.repeat(shown.length)}\r`);
      shown = '';
    },
  };
}
