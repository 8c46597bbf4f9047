/** First in, first out, both in constant time (an array's `shift` moves every element of a long queue). */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The next one, left where it is. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes everything behind the first `count`, in order. */
  cut(count: number): T[] {
    return this.#items.splice(this.#head + count) as T[];
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    const isLittle = this.#head === this.#items.length && this.#head >= 32;
    if (isLittle || (this.#head > 1024 && this.#head * 2 > this.#items.length)) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Puts an item back, before the first one that `isBehind` it; near the head, as it was taken from there. */
  putBack(item: T, isBehind: (other: T) => boolean): void {
    let place = this.#head;
    for (let other = this.#items[place]; other !== undefined && !isBehind(other); other = this.#items[place])
      place++;
    if (place === this.#head && this.#head > 0) this.#items[--this.#head] = item;
    else this.#items.splice(place, 0, item);
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
