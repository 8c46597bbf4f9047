import type { Json, JsonObject } from '../core/event.ts';

const empty: JsonObject = Object.freeze({});

/** The value as an object to read from; anything else reads as an object without keys. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : empty;
}

/** The value as an array; anything else reads as an empty one. */
export function asArray(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text, numbers included; `null` for what is neither. */
export function asText(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}
