import type { EventLimits } from './limits.ts';

/** A piece of a body that is not to be read: of the event at this place, the value of one field or all further fields. */
export interface CutPlace {
  readonly from: number;
  readonly to: number;
  /** Which event of the list; 0 where the body is one event. */
  readonly place: number;
  readonly why: 'levels' | 'values' | 'fields';
  /** Where the field's name stands, with its quotes; `null` for further fields. */
  readonly name: readonly [from: number, to: number] | null;
}

/** Where the value of a field stands that is kept as it came; blanks around it are part of the place. */
export interface KeptPlace {
  readonly from: number;
  readonly to: number;
  readonly place: number;
  readonly name: KeptField;
}

/** The fields of an event that are kept as they came. */
export type KeptField = 'attributes' | 'message';

/** The longest of their names with its quotes, each letter written as an escape. */
const longestName = 2 + 6 * 'attributes'.length;

/**
 * Finds what is too much within single events, so that only they are refused, and where the fields stand that are kept as
 * they came. It is told of what stands at the depth of an event's fields, in the order of the body.
 */
export class EventCuts {
  readonly cuts: CutPlace[] = [];
  readonly kept: KeptPlace[] = [];
  /** The depth at which the fields of events stand: 1 in a body that is one event, 2 in a list. */
  depth = 0;
  /** Why the rest of this field, or of this event, is not counted. */
  skips: CutPlace['why'] | null = null;
  readonly #limits: EventLimits;
  readonly #body: Uint8Array;
  #place = 0;
  #fields = 0;
  #eventBase = 0;
  #nameFrom = 0;
  #nameTo = 0;
  #isEscaped = false;
  #from = -1;
  #base = 0;

  constructor(body: Uint8Array, limits: EventLimits) {
    this.#body = body;
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

  passName(from: number, to: number, isEscaped: boolean): void {
    this.#nameFrom = from;
    this.#nameTo = to;
    this.#isEscaped = isEscaped;
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
    if (this.skips !== null) this.#cut(this.#from, at, this.skips, [this.#nameFrom, this.#nameTo]);
    else if (this.inField) this.#keep(this.#from, at);
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

  #keep(from: number, to: number): void {
    const name = keptField(this.#body, this.#nameFrom, this.#nameTo, this.#isEscaped);
    if (name !== null) this.kept.push({ from, to, place: this.#place, name });
  }

  #cut(from: number, to: number, why: CutPlace['why'], name: CutPlace['name']): void {
    this.cuts.push({ from, to, place: this.#place, why, name });
  }
}

const bytesOfKept = (['attributes', 'message'] as const).map((name) => ({
  name,
  bytes: Buffer.from(`"${name}"`),
}));

/** Asked for each field of each event. @param isEscaped whether there are escapes in its name */
function keptField(body: Uint8Array, from: number, to: number, isEscaped: boolean): KeptField | null {
  if (isEscaped) return to - from > longestName ? null : keptName(nameAt(body, from, to));
  for (const { name, bytes } of bytesOfKept) {
    if (bytes.length !== to - from) continue;
    let at = 1;
    while (at < bytes.length && body[from + at] === bytes[at]) at++;
    if (at === bytes.length) return name;
  }
  return null;
}

function keptName(name: unknown): KeptField | null {
  return name === 'attributes' || name === 'message' ? name : null;
}

function nameAt(body: Uint8Array, from: number, to: number): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset + from, to - from).toString());
  } catch {
    return null;
  }
}
