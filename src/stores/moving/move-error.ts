/**
 * Why a move is refused or has ended: `usage` where other arguments help, `in_use` while somebody uses a store, `data` where the
 * two do not hold the same.
 */
export class MoveError extends Error {
  readonly code: 'usage' | 'in_use' | 'data' | 'failed';

  constructor(code: MoveError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'MoveError';
    this.code = code;
  }
}

/** A store cannot be used since its contents are being moved, or were; the message says what to do. */
export class MovedStoreError extends Error {
  readonly code = 'moved_store';

  constructor(message: string) {
    super(message);
    this.name = 'MovedStoreError';
  }
}

/** Which way a store's contents go: into it from another one, or from it. */
export type MoveDirection = 'into' | 'from';

/** @param other the other store, for people. @param isOver whether all was moved. @param undo what makes it usable again */
export function movedStore(
  direction: MoveDirection,
  other: string,
  { isOver, undo }: { readonly isOver: boolean; readonly undo: string },
): MovedStoreError {
  if (direction === 'into') {
    return new MovedStoreError(
      `a move into this store, from ${other}, is under way or was ended before its end: run the same \`hookwire move\` again, ` +
        'and it goes on there.',
    );
  }
  return new MovedStoreError(
    isOver
      ? `everything here was moved to ${other}, and waiting deliveries would be sent twice: start the gateway on that. ${undo}`
      : `everything here is being moved to ${other}: wait for the end of \`hookwire move\`.`,
  );
}
