/** A binary heap whose items can be moved when their order changes, and taken out from anywhere; all in O(log n). */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #placeOf = new Map<T, number>();
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#put(item, this.#items.length);
    this.moved(item);
  }

  /** `false`: it was not there. */
  delete(item: T): boolean {
    const place = this.#placeOf.get(item);
    if (place === undefined) return false;
    this.#placeOf.delete(item);
    const last = this.#items.pop();
    if (last !== undefined && last !== item) {
      this.#put(last, place);
      this.moved(last);
    }
    return true;
  }

  /** An item comes earlier or later than before. */
  moved(item: T): void {
    const start = this.#placeOf.get(item);
    if (start === undefined) return;
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#swapUnlessBefore(parent, place)) break;
      place = parent;
    }
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.#items.length) return;
      const right = left + 1;
      const child =
        right < this.#items.length && this.#isBefore(this.#at(right), this.#at(left)) ? right : left;
      if (!this.#swapUnlessBefore(place, child)) return;
      place = child;
    }
  }

  /** Exchanges two where the lower one comes first; says whether it did. */
  #swapUnlessBefore(upper: number, lower: number): boolean {
    const [a, b] = [this.#at(upper), this.#at(lower)];
    if (!this.#isBefore(b, a)) return false;
    this.#put(b, upper);
    this.#put(a, lower);
    return true;
  }

  #at(place: number): T {
    return this.#items[place] as T;
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    this.#placeOf.set(item, place);
  }
}
