/** What a figure should be, and what it was. */
export interface Bar {
  readonly what: string;
  readonly value: number;
  readonly met: boolean;
  /** How both are written: `≥ 0.50`. */
  readonly bar: string;
  readonly written: string;
}

type Write = (value: number) => string;

export function atLeast(what: string, bar: number, value: number, write: Write): Bar {
  return { what, value, met: value >= bar, bar: `≥ ${write(bar)}`, written: write(value) };
}

export function atMost(what: string, bar: number, value: number, write: Write): Bar {
  return { what, value, met: value <= bar, bar: `≤ ${write(bar)}`, written: write(value) };
}

/** Prints each bar and whether it is met, and makes the process end with 1 when one is not. */
export function judge(bars: readonly Bar[]): void {
  for (const { what, bar, written, met } of bars) {
    console.log(`bar: ${what} ${bar}: ${written} – ${met ? 'met' : 'NOT MET'}`);
  }
  if (bars.some(({ met }) => !met)) process.exitCode = 1;
}
