import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { HookwireError } from '../../core/errors.ts';
import type { Page, PageRequest } from '../ports/page.ts';
import type { ListedRows } from './listed-rows.ts';

/** Lists are newest first: by `created_at`, and by `id` where that is the same. */
export interface Position {
  readonly created_at: number;
  readonly id: string;
}

/**
 * The condition for rows of `table` that come after what the request's cursor names.
 * @throws {HookwireError} `invalid_request` for a cursor that no list gave
 */
export function afterCursor(table: string, { cursor }: PageRequest): RawBuilder<SqlBool> {
  if (cursor === null) return sql<SqlBool>`true`;
  return behindPosition(table, readCursor(cursor));
}

/** The condition for rows of `table` that come after a position in its list. */
export function behindPosition(table: string, position: Position): RawBuilder<SqlBool> {
  return compare(table, '<', position);
}

/** The condition for rows of `table` that come before a position in its list, or are at it. */
export function upToPosition(table: string, position: Position): RawBuilder<SqlBool> {
  return compare(table, '>=', position);
}

function compare(table: string, operator: '<' | '>=', { created_at, id }: Position): RawBuilder<SqlBool> {
  const key = sql`(${sql.ref(`${table}.created_at`)}, ${sql.ref(`${table}.id`)})`;
  return sql<SqlBool>`${key} ${sql.raw(operator)} (${created_at}, ${id})`;
}

/** How many rows to ask for: one more than the page holds shows whether there is a next one. */
export function rowsFor({ limit }: PageRequest): number {
  return limit + 1;
}

/** @param listed up to {@link rowsFor} rows in the order of the list */
export function toPage<Row extends Position, T>(
  { rows, cut }: ListedRows<Row>,
  { limit }: PageRequest,
  toValue: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(toValue),
    nextCursor: last && (cut || rows.length > limit) ? writeCursor(last) : null,
  };
}

export function writeCursor({ created_at, id }: Position): string {
  return Buffer.from(JSON.stringify([created_at, id])).toString('base64url');
}

/** @throws {HookwireError} `invalid_request` for a cursor that no list gave */
export function readCursor(cursor: string): Position {
  const position = parse(Buffer.from(cursor, 'base64url').toString());
  if (Array.isArray(position) && position.length === 2) {
    const [created_at, id]: unknown[] = position;
    if (Number.isSafeInteger(created_at) && typeof id === 'string')
      return { created_at: Number(created_at), id };
  }
  throw new HookwireError('invalid_request', 'The cursor is not one that a list gave as nextCursor.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
