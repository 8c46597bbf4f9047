import type { Static, TSchema } from 'typebox';

/**
 * What an answer of this schema has: the one wire shape of a thing. Views return it, and a route answers nothing else
 * (`app-types.ts`), so neither can drift from what is documented. Readonly all the way down, since nobody changes an answer.
 */
export type ViewOf<S extends TSchema> = ReadonlyAll<Static<S>>;

type ReadonlyAll<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyAll<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: ReadonlyAll<T[K]> }
    : T;
