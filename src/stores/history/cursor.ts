import { HookwireError } from '../../core/errors.ts';
import { parseSequenceId, type SequencePrefix, sequenceId } from '../../core/ids.ts';
import type { Page } from '../ports/page.ts';

/**
 * The number that a page comes behind; `null`: it is the first. A cursor is the id of the last row looked at.
 * @throws {HookwireError} `invalid_request` for what no list of such rows gave
 */
export function positionOf(prefix: SequencePrefix, cursor: string | null): number | null {
  const before = cursor === null ? null : parseSequenceId(prefix, cursor);
  if (cursor !== null && before === null) {
    throw new HookwireError(
      'invalid_request',
      'The cursor is not one that this list gave; start without it.',
    );
  }
  return before;
}

/** @param next the number of the last row looked at; `null` at the end of the list */
export function pageOf<T>(
  prefix: SequencePrefix,
  { data, next }: { readonly data: readonly T[]; readonly next: number | null },
): Page<T> {
  return { data, nextCursor: next === null ? null : sequenceId(prefix, next) };
}
