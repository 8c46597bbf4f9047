/**
 * What several askers wait for, given out by turns: each asker's in the order in which it came, one of each before the
 * second of any. So how long somebody waits depends on how many others ask, and not on how much they ask.
 */
export interface Turns<T> {
  add(asker: string, item: T): void;
  /** Whose turn it is; `null`: nobody waits. */
  take(): { readonly asker: string; readonly item: T } | null;
  /** What was taken is not finished: it comes first when its asker's next turn comes, after one of each other's. */
  giveBack(asker: string, item: T): void;
  /** What {@link Turns.take} would give; `undefined`: nobody waits. */
  peek(): T | undefined;
}

export function createTurns<T>(): Turns<T> {
  // In the order of their next turns.
  const lines = new Map<string, T[]>();

  function lineOf(asker: string): T[] {
    const line = lines.get(asker) ?? [];
    lines.set(asker, line);
    return line;
  }

  return {
    add: (asker, item) => void lineOf(asker).push(item),
    take() {
      for (const [asker, line] of lines) {
        const item = line.shift();
        lines.delete(asker);
        if (line.length > 0) lines.set(asker, line);
        if (item !== undefined) return { asker, item };
      }
      return null;
    },
    giveBack: (asker, item) => void lineOf(asker).unshift(item),
    peek() {
      for (const [first] of lines.values()) if (first !== undefined) return first;
      return undefined;
    },
  };
}
