import { Heap } from './heap.ts';

/** Something that waits; it came before everything with a greater number. */
export interface Numbered {
  readonly number: number;
}

interface Queue<T> {
  readonly name: string;
  load: number;
  readonly items: Heap<T>;
}

/** Queues with names, the one that is loaded least first; of those that are loaded alike, the one whose first waits longest. */
export class QueuesByLoad<T extends Numbered> {
  readonly #byName = new Map<string, Queue<T>>();
  readonly #queues = new Heap<Queue<T>>((a, b) =>
    a.load === b.load ? firstNumber(a) < firstNumber(b) : a.load < b.load,
  );

  add(name: string, load: number, item: T): void {
    const known = this.#byName.get(name);
    const queue = known ?? { name, load, items: new Heap<T>((a, b) => a.number < b.number) };
    queue.items.add(item);
    if (known) this.#queues.moved(known);
    else {
      this.#byName.set(name, queue);
      this.#queues.add(queue);
    }
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** `false`: it was not there. */
  delete(name: string, item: T): boolean {
    const queue = this.#byName.get(name);
    if (!queue?.items.delete(item)) return false;
    if (queue.items.size > 0) this.#queues.moved(queue);
    else {
      this.#byName.delete(name);
      this.#queues.delete(queue);
    }
    return true;
  }

  /** The load of a queue changed, if there is one of this name. */
  loaded(name: string, load: number): void {
    const queue = this.#byName.get(name);
    if (!queue || queue.load === load) return;
    queue.load = load;
    this.#queues.moved(queue);
  }

  /** The first item of the queue that is loaded least, if it is loaded less than so much. */
  least(below: number): T | undefined {
    const queue = this.#queues.first;
    return queue && queue.load < below ? queue.items.first : undefined;
  }
}

function firstNumber<T extends Numbered>({ items }: Queue<T>): number {
  return items.first?.number ?? Number.POSITIVE_INFINITY;
}
