import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { TValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import { type InputError, mostErrors } from '../../core/errors.ts';
import { instantProblem } from '../../sources/http-api/instant.ts';
import { type Bounded, isWellFormed, withinBounds } from './check-bounds.ts';
import { didYouMean } from './did-you-mean.ts';
import { joinPath, pointerSteps } from './json-path.ts';

// TypeBox stops after 8; a form wants all. Several may be of the same place, which is named once.
Settings.Set({ maxErrors: 4 * mostErrors });

/** A schema that can be asked what is wrong with a value. */
export interface Check {
  /** Every wrong place, 50 at most; empty when the value is as the schema says. */
  errors(value: unknown): InputError[];
  /** The same, with the value as far as its lengths and names are right. */
  read(value: unknown): Bounded;
}

/** Keywords of JSON Schema that messages speak of. */
interface Keywords {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: object;
  /** Ours: the words for what `pattern` asks for. */
  readonly 'x-shape'?: string;
  /** Ours: the pattern is that of an instant. */
  readonly 'x-is-instant'?: boolean;
}

/** Compiles the schema when it is first needed. */
export function createCheck(schema: TSchema): Check {
  let compiled: Validator | undefined;
  const validator = () => {
    compiled ??= Compile(schema);
    return compiled;
  };
  function read(value: unknown): Bounded {
    if (validator().Check(value) && isWellFormed(value)) return { errors: [], rest: value };
    const { errors, rest } = withinBounds(schema, value);
    const named = new Set(errors.map(({ path }) => path));
    // What was left out may be all that there was.
    const found = validator()
      .Errors(rest)
      .filter(({ keyword }) => keyword !== 'minProperties' || errors.length === 0);
    const others = describe(schema, rest, found).filter(({ path }) => !named.has(path));
    return { errors: [...errors, ...others].slice(0, mostErrors), rest };
  }
  return {
    errors: (value) => read(value).errors,
    read,
  };
}

/** One error per place: of several at the same one, the first says the most (`type` comes before `minimum`). */
function describe(schema: TSchema, value: unknown, found: readonly TValidationError[]): InputError[] {
  const byPath = new Map<string, InputError>();
  const add = (path: string, message: string) => {
    if (!byPath.has(path)) byPath.set(path, { path, message });
  };
  for (const error of found) {
    const path = pathOf(value, error.instancePath);
    const keywords = keywordsAt(schema, error.schemaPath);
    if (error.keyword === 'required') {
      for (const name of error.params.requiredProperties) add(joinPath(path, name), 'is required.');
    } else {
      add(path, messageOf(error, keywords, valueAt(value, error.instancePath)));
    }
  }
  return [...byPath.values()];
}

function messageOf(error: TValidationError, keywords: Keywords, value: unknown): string {
  switch (error.keyword) {
    case 'type':
      return `must be ${typeWords(error.params.type)}.`;
    case 'enum': {
      const allowed = error.params.allowedValues.filter((word) => typeof word === 'string');
      const hint = typeof value === 'string' ? didYouMean(value, allowed) : '';
      return `must be ${oneOf(allowed)}.${hint}`;
    }
    case 'minimum':
    case 'maximum':
      return `must be from ${keywords.minimum} to ${keywords.maximum}.`;
    case 'minLength':
      return error.params.limit === 1
        ? 'must not be empty.'
        : `must have at least ${error.params.limit} characters.`;
    case 'minItems':
      return `must have from ${keywords.minItems ?? 0} to ${keywords.maxItems} items.`;
    case 'minProperties':
      return `must have at least one of ${Object.keys(keywords.properties ?? {})
        .map((name) => `"${name}"`)
        .join(', ')}.`;
    case 'uniqueItems':
      return 'must not name the same twice.';
    case 'pattern':
      if (keywords['x-is-instant']) return instantProblem(value);
      return `must be ${keywords['x-shape'] ?? 'in another form'}.`;
    default:
      return 'is not valid.';
  }
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? `"${words[0]}"` : `one of ${words.map((word) => `"${word}"`).join(', ')}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function typeWords(type: string | string[]): string {
  return (Array.isArray(type) ? type : [type]).map((name) => typeNames[name] ?? name).join(' or ');
}

function keywordsAt(schema: TSchema, pointer: string): Keywords {
  const found = valueAt(schema, pointer.replace(/^#/, ''));
  return typeof found === 'object' && found !== null ? found : {};
}

function child(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of pointerSteps(pointer)) value = child(value, step);
  return value;
}

function pathOf(root: unknown, pointer: string): string {
  let value = root;
  let path = '';
  for (const step of pointerSteps(pointer)) {
    path = joinPath(path, Array.isArray(value) ? Number(step) : step);
    value = child(value, step);
  }
  return path;
}
