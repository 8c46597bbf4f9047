import type { CompiledQuery } from 'kysely';
import type { QueryConfig } from 'pg';

const nul = '\u0000';
const replacement = '\uFFFD';

/**
 * A Kysely query as pg takes it. PostgreSQL's texts hold no NUL character: in its place stands what half a surrogate pair
 * becomes too. So what has one in it is kept or sought all the same, and no call fails for it.
 */
export function toQuery({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryConfig {
  return { text: sql, values: parameters.map(storable) };
}

/** A parameter as PostgreSQL takes it. */
export function storable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(storable);
  return typeof value === 'string' && value.includes(nul) ? value.replaceAll(nul, replacement) : value;
}
