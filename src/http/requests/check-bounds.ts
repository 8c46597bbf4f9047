import type { TSchema } from 'typebox';
import { type InputError, mostErrors } from '../../core/errors.ts';
import { didYouMean } from './did-you-mean.ts';
import { joinPath } from './json-path.ts';

/** The keywords of JSON Schema that bound a value. */
interface Bounds {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: unknown;
  readonly items?: TSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly type?: unknown;
}

/**
 * Whether all texts can be stored and sent: JSON can carry half of a surrogate pair (`"\ud83d"`), which becomes another character
 * where it is written.
 */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isWellFormed);
}

/** What is wrong with lengths and names, and the input without it: small enough to be looked at closely. */
export interface Bounded {
  readonly errors: InputError[];
  readonly rest: unknown;
}

/**
 * Looks at lengths and names alone, in one pass: texts and lists that are too long are left out, as are unknown fields,
 * the contents of what should be no list or object, and texts that none of its encodings can hold. So patterns, `uniqueItems` and the rules of a webhook never meet more
 * than the schema allows, however much came: TypeBox checks each keyword whether or not the others hold, `uniqueItems`
 * in quadratic time (20,000 equal items took 2 s).
 */
export function withinBounds(schema: TSchema, value: unknown): Bounded {
  const errors: InputError[] = [];
  return { errors, rest: keep(schema, value, '', errors) };
}

/** `undefined` where nothing of it is kept. */
function keep(schema: TSchema, value: unknown, path: string, errors: InputError[]): unknown {
  const bounds: Bounds = schema;
  if (typeof value === 'string') {
    const { maxLength } = bounds;
    if (!value.isWellFormed()) {
      return report(errors, path, 'has half of a surrogate pair, which is not text.');
    }
    if (maxLength === undefined || !isLonger(value, maxLength)) return value;
    return report(errors, path, `must have at most ${maxLength} characters.`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return keepList(bounds, value, path, errors);
  return keepFields(bounds, value, path, errors);
}

function keepList(bounds: Bounds, list: readonly unknown[], path: string, errors: InputError[]): unknown {
  const { items, minItems = 0, maxItems } = bounds;
  if (maxItems !== undefined && list.length > maxItems) {
    return report(errors, path, `must have from ${minItems} to ${maxItems} items.`);
  }
  if (items) return list.map((item, index) => keep(items, item, joinPath(path, index), errors));
  return allows(bounds, 'array') ? list : [];
}

function keepFields(bounds: Bounds, given: object, path: string, errors: InputError[]): unknown {
  const { properties, additionalProperties } = bounds;
  if (!properties) return allows(bounds, 'object') ? given : {};
  const known = Object.keys(properties);
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(given)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (schema) {
      const part = keep(schema, value, joinPath(path, name), errors);
      if (part !== undefined) kept.push([name, part]);
    } else if (additionalProperties !== false) kept.push([name, value]);
    else if (errors.length < mostErrors) {
      report(errors, joinPath(path, name), `is not a known field.${didYouMean(name, known)}`);
    }
  }
  return Object.fromEntries(kept);
}

/** A schema without a type allows every one. */
function allows({ type }: Bounds, name: 'array' | 'object'): boolean {
  return type === undefined || [type].flat().includes(name);
}

function report(errors: InputError[], path: string, message: string): undefined {
  if (errors.length < mostErrors) errors.push({ path, message });
}

/** JSON Schema counts characters, of which some have two units of UTF-16. */
function isLonger(text: string, most: number): boolean {
  if (text.length <= most) return false;
  if (text.length > 2 * most) return true;
  return [...text].length > most;
}
