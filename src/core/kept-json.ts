import { endOfText, endOfValue } from '../shared/json-members.ts';
import type { Json, JsonObject } from './event.ts';

/**
 * A value of JSON with the text that it came as. The text is what is stored, shown and sent on: `12345678901234567890`,
 * `30.00`, `-0`, `1e400`, the order of keys, keys that come twice and escapes are not the same once they were parsed. What
 * is read of it is read from a copy.
 */
export class KeptJson {
  readonly text: string;
  #value: Json | undefined;

  /** @param text JSON that is known to be valid; @param value what it reads as, where somebody has parsed it */
  constructor(text: string, value?: Json) {
    this.text = text;
    this.#value = value;
  }

  get value(): Json {
    this.#value ??= JSON.parse(this.text) as Json;
    return this.#value;
  }

  /** For `JSON.stringify`, which cannot write a text as it is: `jsonText` puts it in the place of what this leaves. */
  toJSON(): unknown {
    return markers === null ? this.value : markers.leave(this.text);
  }
}

/** Stands in a text for JSON that belongs there. */
export interface Markers {
  leave(text: string): string;
  /** The text with everything in its place. */
  resolve(text: string): string;
}

/** Those that are left at the moment. */
let markers: Markers | null = null;

/** Of this process, so that nobody can write one. */
const mark = `kept ${crypto.randomUUID()}`;

/** `JSON.stringify` with every {@link KeptJson} in it as it came. */
export function stringifyKept(value: unknown): string {
  const outer = markers;
  const own = createMarkers();
  markers = own;
  try {
    return own.resolve(JSON.stringify(value));
  } finally {
    markers = outer;
  }
}

function createMarkers(): Markers {
  const texts: string[] = [];
  return {
    leave(text) {
      texts.push(text);
      return mark;
    },
    resolve(text) {
      if (texts.length === 0) return text;
      return text.split(`"${mark}"`).reduce((whole, part, i) => whole + texts[i - 1] + part);
    },
  };
}

/** Digits that a number loses when it is parsed and written again: many, a zero at the end, an exponent, `-0`. */
const odd = /^-0$|[eE]|[\d.]{16}|\.\d*0$|\.0{6}/;

/** Texts are passed over natively: what is long in a message is one of them. */
function hasOddNumber(text: string): boolean {
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at);
    else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfValue(text, at);
      if (odd.test(text.slice(at, end))) return true;
      at = end;
    } else at++;
  }
  return false;
}

const [quote, minus, zero, nine] = [0x22, 0x2d, 0x30, 0x39];

interface ReadText {
  readonly text: string;
  readonly value: JsonObject;
}

/** The last two that were read: one event's message and attributes go to all webhooks of its account, one after another. */
let [last, beforeLast]: [ReadText | null, ReadText | null] = [null, null];

/**
 * An object to read values from, and not to be changed. Numbers that JavaScript does not have as they are written (`30.00`,
 * `12345678901234567890`) are there as text.
 */
export function readKept(text: string): JsonObject {
  if (last?.text === text) return last.value;
  const found = beforeLast?.text === text ? beforeLast : { text, value: read(text) };
  beforeLast = last;
  last = found;
  return found.value;
}

function read(text: string): JsonObject {
  if (hasOddNumber(text)) {
    try {
      return JSON.parse(text, keepNumber) as JsonObject;
    } catch (error) {
      // Nested deeper than the stack goes.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return JSON.parse(text) as JsonObject;
}

function keepNumber(_name: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? source : value;
}
