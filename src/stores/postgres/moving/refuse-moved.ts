import type { ClientBase } from 'pg';
import { type MoveDirection, type MovedStoreError, movedStore } from '../../moving/move-error.ts';

/** A row of `moves`. */
export interface MoveRow {
  readonly direction: MoveDirection;
  readonly other: string;
  readonly source: string;
  readonly until: number | null;
  readonly place: string | null;
  /** It does not count any more: the move ended long ago, and nothing was handed over. */
  readonly is_over: boolean;
}

/** The database's own clock, ms. */
export const databaseNow = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** @throws {MovedStoreError} where a move fills the database, is under way from it, or has taken everything elsewhere */
export async function refuseMoved(client: Pick<ClientBase, 'query'>): Promise<void> {
  const mark = await readMark(client);
  if (mark && !mark.is_over) throw refusalOf(mark);
}

export function refusalOf({ direction, other, until }: MoveRow): MovedStoreError {
  const undo = 'To use this all the same, delete the row of its table moves.';
  return movedStore(direction, other, { isOver: direction === 'from' && until === null, undo });
}

export async function readMark(client: Pick<ClientBase, 'query'>): Promise<MoveRow | null> {
  const { rows } = await client.query<MoveRow>(
    `select direction, other, source, until, place, until is not null and until < ${databaseNow} as is_over from moves`,
  );
  return rows[0] ?? null;
}
