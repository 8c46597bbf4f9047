/**
 * The last sixteen digits of a run, without an allocation for each: a text of 1 MiB may be digits alone. Digits are
 * counted from the beginning of the run; only the last sixteen can be asked for.
 */
export interface DigitWindow {
  /** How many digits the run has so far. */
  count: number;
  clear(): void;
  push(value: number, place: number, length: number): void;
  value(index: number): number;
  /** Where in the text the digit stands, and in how many characters. */
  place(index: number): number;
  length(index: number): number;
  /** The digits `from` to before `end`. */
  text(from: number, end: number): string;
}

const size = 16;
const last = size - 1;

export function createDigitWindow(): DigitWindow {
  const values = new Uint8Array(size);
  const places = new Int32Array(size);
  const lengths = new Int32Array(size);

  const window: DigitWindow = {
    count: 0,
    clear() {
      window.count = 0;
    },
    push(value, place, length) {
      const at = window.count++ & last;
      values[at] = value;
      places[at] = place;
      lengths[at] = length;
    },
    value: (index) => values[index & last] ?? 0,
    place: (index) => places[index & last] ?? 0,
    length: (index) => lengths[index & last] ?? 0,
    text(from, end) {
      let text = '';
      for (let index = from; index < end; index++) text += window.value(index);
      return text;
    },
  };
  return window;
}
