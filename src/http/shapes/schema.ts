import Type, {
  type Static,
  type TObject,
  type TProperties,
  type TSchema,
  type TSchemaOptions,
} from 'typebox';
import { instantPattern, longestInstant } from '../../sources/http-api/instant.ts';

/** An object without other fields than these; `component` names it in OpenAPI. */
export function closed<P extends TProperties>(properties: P, options: TSchemaOptions = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** {@link closed}, or null. As one `type` list, as {@link nullableText}. */
export function nullableObject<P extends TProperties>(properties: P, options: TSchemaOptions = {}) {
  return Type.Unsafe<Static<TObject<P>> | null>({
    ...closed(properties),
    type: ['object', 'null'],
    ...options,
  });
}

/** What OpenAPI shows as `#/components/schemas/<name>`. */
export function component(name: string, description: string) {
  return { 'x-component': name, description };
}

interface TextOptions {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly description?: string;
  readonly examples?: readonly string[];
  readonly default?: string | null;
}

/** Text or null. As one `type` list: an `anyOf` would answer with one error per branch. */
export function nullableText(options: TextOptions = {}) {
  return Type.Unsafe<string | null>({ type: ['string', 'null'], ...options });
}

export function nullableInteger(options: TSchemaOptions = {}) {
  return Type.Unsafe<number | null>({ type: ['integer', 'null'], ...options });
}

export const nullableNumber = Type.Unsafe<number | null>({ type: ['number', 'null'] });

/** One of some words. */
export function word<W extends string>(words: readonly W[], options: TSchemaOptions = {}) {
  return Type.Unsafe<W>({ type: 'string', enum: [...words], ...options });
}

export function nullableWord<W extends string>(words: readonly W[], options: TSchemaOptions = {}) {
  return Type.Unsafe<W | null>({ type: ['string', 'null'], enum: [...words, null], ...options });
}

export const instant = Type.String({
  format: 'date-time',
  description: 'UTC, with milliseconds.',
  examples: ['2026-11-22T10:15:30.000Z'],
});

export const nullableInstant = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  format: 'date-time',
  description: 'UTC, with milliseconds.',
});

/** An instant that a body or a query gives: ISO 8601 with its zone, from 1970 on. */
export const instantGiven = {
  maxLength: longestInstant,
  pattern: instantPattern,
  'x-is-instant': true,
  examples: ['2026-11-22T10:15:30.000Z'],
};

/** An account that a call names. */
export const namedAccountId = { minLength: 1, maxLength: 64 };

export const idParams = Type.Object({ id: Type.String() });

const paging = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 500,
      default: 50,
      description:
        'How many at most. A page may have fewer, or none, and still have a `nextCursor`: it ends at a mebibyte too, and where little matches.',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: '`nextCursor` of the page before; the first page has none.',
    }),
  ),
};

const account = {
  accountId: Type.Optional(
    Type.String({
      ...namedAccountId,
      description: 'Of this account only. An account key always sees its own alone.',
    }),
  ),
};

/** The query of a list that belongs to no account. */
export function pageQuery<P extends TProperties>(filters: P) {
  return closed({ ...paging, ...filters });
}

/** The query of a list of an account's things. */
export function accountPageQuery<P extends TProperties>(filters: P) {
  return closed({ ...account, ...paging, ...filters });
}

/** The query of a list of an account's things as a file. */
export function accountFileQuery<P extends TProperties>(filters: P) {
  return closed({
    ...account,
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1e9,
        description: 'How many at most, the newest; all unless told.',
      }),
    ),
    cursor: Type.Optional({
      ...paging.cursor,
      description: '`nextCursor` of a page of the list: begins behind it.',
    } as typeof paging.cursor),
    ...filters,
  });
}

/** For creating: an operator names the account here or in the body. */
export const accountQuery = closed({
  accountId: Type.Optional(
    Type.String({ ...namedAccountId, description: 'The account, where an operator key asks.' }),
  ),
});

/** A page of a list. */
export function pageOf<S extends TSchema>(name: string, item: S) {
  return closed(
    {
      data: Type.Array(item),
      nextCursor: nullableText({ description: 'Asks for the next page; `null` on the last.' }),
    },
    component(`${name}Page`, `A page of ${name}s.`),
  );
}
