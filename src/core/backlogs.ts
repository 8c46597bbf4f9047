import type { Backlog } from './write-behind.ts';

/** Things that wait in the order in which they came. */
export interface Line<T> extends Backlog<T[]> {
  /** `false`: so many wait that it does not. */
  add(item: T): boolean;
}

export function createLine<T>(most: number): Line<T> {
  let waiting: T[] = [];
  return {
    add(item) {
      if (waiting.length >= most) return false;
      waiting.push(item);
      return true;
    },
    get size() {
      return waiting.length;
    },
    take: (count) => waiting.splice(0, count),
    putBack(batch) {
      waiting = [...batch, ...waiting];
    },
  };
}

/** Things of which each is the latest of its name. */
export interface Latest<T> extends Backlog<ReadonlyMap<string, T>> {
  set(name: string, item: T): void;
}

export function createLatest<T>(): Latest<T> {
  let waiting = new Map<string, T>();
  return {
    set: (name, item) => void waiting.set(name, item),
    get size() {
      return waiting.size;
    },
    take(count) {
      const taken = new Map<string, T>();
      for (const [name, item] of waiting) {
        if (taken.size === count) break;
        taken.set(name, item);
        waiting.delete(name);
      }
      return taken;
    },
    putBack(batch) {
      waiting = new Map([...batch, ...waiting]);
    },
  };
}
