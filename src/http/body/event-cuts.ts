import type { EventLimits } from './limits.ts';

/** A piece of a body that is not to be read: of the event at this place, the value of one field or all further fields. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  /** Which event of the list; 0 where the body is one event. */
  readonly place: number;
  readonly why: 'levels' | 'values' | 'fields';
  /** Where the field's name stands, with its quotes; `null` for further fields. */
  readonly name: readonly [from: number, to: number] | null;
}

/**
 * Finds what is too much within single events, so that only they are refused. It is told of what stands at the depth of
 * an event's fields, in the order of the body.
 */
export class EventCuts {
  readonly cuts: Cut[] = [];
  /** The depth at which the fields of events stand: 1 in a body that is one event, 2 in a list. */
  depth = 0;
  /** Why the rest of this field, or of this event, is not counted. */
  skips: Cut['why'] | null = null;
  readonly #limits: EventLimits;
  #place = 0;
  #fields = 0;
  #eventBase = 0;
  #name: readonly [number, number] = [0, 0];
  #from = -1;
  #base = 0;

  constructor(limits: EventLimits) {
    this.#limits = limits;
  }

  /** How deep the value of a field may go. */
  get deepest(): number {
    return this.depth + this.#limits.levels;
  }

  get inField(): boolean {
    return this.#from >= 0;
  }

  nextPlace(): void {
    this.#place++;
  }

  openEvent(values: number): void {
    this.#fields = 1;
    this.#eventBase = values;
  }

  passName(from: number, to: number): void {
    this.#name = [from, to];
  }

  openField(from: number, values: number): void {
    if (this.skips !== null) return;
    this.#from = from;
    this.#base = values;
  }

  /** Whether the event has too many values with this field. */
  isTooMuch(values: number): boolean {
    return this.inField && values - this.#eventBase > this.#limits.values;
  }

  /** @returns how many values count, without those of a field that is cut */
  endField(at: number, values: number): number {
    if (this.skips === 'fields') return values;
    const base = this.skips === null ? values : this.#base;
    if (this.skips !== null) this.#cut(this.#from, at, this.skips, this.#name);
    this.skips = null;
    this.#from = -1;
    return base;
  }

  nextField(at: number): void {
    if (this.skips === null && ++this.#fields > this.#limits.fields) {
      this.skips = 'fields';
      this.#from = at;
    }
  }

  endEvent(at: number, values: number): number {
    if (this.skips !== 'fields') return this.endField(at, values);
    this.#cut(this.#from, at, 'fields', null);
    this.skips = null;
    this.#from = -1;
    return values;
  }

  #cut(from: number, to: number, why: Cut['why'], name: Cut['name']): void {
    this.cuts.push({ from, to, place: this.#place, why, name });
  }
}
