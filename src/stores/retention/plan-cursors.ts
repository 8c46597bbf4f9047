import type { Keeps, RetentionClock } from '../ports/retention.ts';

/** Up to where all that accounts with one clock have was dealt with. */
export interface Cursor {
  readonly id: number;
  readonly clock: RetentionClock;
  /** `null`: for ever. */
  readonly keepMs: number | null;
  readonly upto: number;
}

/** Of accounts that are not among `members`. */
export const cursorOfAll = { payload: 1, log: 2 } as const satisfies Record<RetentionClock, number>;

/** One clock's cursors, and which accounts have another than that of all. */
export interface CursorPlan {
  readonly cursors: readonly Cursor[];
  readonly members: ReadonlyMap<string, number>;
}

/**
 * The cursors that these clocks need.
 *
 * An account whose clock is another now joins a cursor that is no further than its own was: what it passes once more was dealt
 * with already, and nothing is passed over. Where all others are further it gets a cursor of its own, which ends when it has
 * caught up ({@link mergeCursors}). So each event is looked at once by each clock that there is, whatever accounts are given.
 *
 * @param nextId ids from here on are free
 */
export function planCursors(
  clock: RetentionClock,
  { cursors: before, members: membersBefore }: CursorPlan,
  keeps: Keeps,
  nextId: number,
): CursorPlan {
  const ofAll = keeps.ofAll[field(clock)];
  const cursors = before.map((cursor) =>
    cursor.id === cursorOfAll[clock] && cursor.keepMs !== ofAll ? { ...cursor, keepMs: ofAll } : cursor,
  );
  const members = new Map(membersBefore);

  function cursorOf(account: string): Cursor | undefined {
    const id = members.get(account) ?? cursorOfAll[clock];
    return cursors.find((cursor) => cursor.id === id);
  }

  for (const account of new Set([...keeps.own.keys(), ...membersBefore.keys()])) {
    const keepMs = (keeps.own.get(account) ?? keeps.ofAll)[field(clock)];
    const now = cursorOf(account);
    const upto = now?.upto ?? 0;
    if (now?.keepMs === keepMs) continue;
    const joined = furthest(cursors.filter((other) => other.keepMs === keepMs && other.upto <= upto));
    const cursor = joined ?? { id: nextId++, clock, keepMs, upto };
    if (!joined) cursors.push(cursor);
    if (cursor.id === cursorOfAll[clock]) members.delete(account);
    else members.set(account, cursor.id);
  }
  return withoutEmpty(clock, { cursors, members });
}

/** Makes one of the cursors that have the same clock and have come equally far. */
export function mergeCursors(clock: RetentionClock, plan: CursorPlan): CursorPlan {
  const { cursors, members } = plan;
  const into = new Map<number, number>();
  const kept: Cursor[] = [];
  // Those with low ids stay: the first is that of all.
  for (const cursor of cursors.toSorted((a, b) => a.id - b.id)) {
    const same = kept.find(({ keepMs, upto }) => keepMs === cursor.keepMs && upto === cursor.upto);
    if (same) into.set(cursor.id, same.id);
    else kept.push(cursor);
  }
  if (into.size === 0) return plan;
  const moved = [...members].map(([account, id]) => [account, into.get(id) ?? id] as const);
  return { cursors: kept, members: new Map(moved.filter(([, id]) => id !== cursorOfAll[clock])) };
}

/** Where a cursor is to stop: there another one with its clock has been. */
export function nextStop(cursor: Cursor, cursors: readonly Cursor[]): number {
  const ahead = cursors.filter(({ keepMs, upto }) => keepMs === cursor.keepMs && upto > cursor.upto);
  return Math.min(...ahead.map(({ upto }) => upto));
}

function withoutEmpty(clock: RetentionClock, { cursors, members }: CursorPlan): CursorPlan {
  const used = new Set([cursorOfAll[clock], ...members.values()]);
  return { cursors: cursors.filter(({ id }) => used.has(id)), members };
}

function furthest(cursors: readonly Cursor[]): Cursor | undefined {
  return cursors.toSorted((a, b) => b.upto - a.upto)[0];
}

function field(clock: RetentionClock): 'payloadMs' | 'logMs' {
  return clock === 'payload' ? 'payloadMs' : 'logMs';
}
