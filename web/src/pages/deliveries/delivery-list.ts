import type { Delivery, DeliveryPage } from '../../api/deliveries.ts';
import { plainWords } from '../../ui/field-words.ts';

/**
 * The deliveries in view, newest first, and those that came while somebody reads.
 *
 * ```text
 * live ──▸ in view already ──▸ changed in place
 *      ──▸ new, nobody reads ──▸ rows (the oldest leave beyond 1,000; they come back as older ones)
 *      ──▸ new, somebody reads ──▸ waiting ──"12 new"──▸ rows
 *                                     └── beyond 1,000 ──▸ behind: only a fresh page shows them
 * ```
 */
export interface DeliveryList {
  readonly rows: readonly Delivery[];
  /** Where older ones go on; `null`: there are none. */
  readonly older: OlderPlace | null;
  /** New ones that are not shown yet, newest first. */
  readonly waiting: readonly Delivery[];
  /** More came than are kept: there is a gap between `rows` and the newest. */
  readonly behind: boolean;
  /** Those that live brought into view last, to be marked for a moment. */
  readonly fresh: ReadonlySet<string>;
  /** What the gateway says of the filters: that a number is taken for a part of one. */
  readonly notes: readonly string[];
}

/** Where older ones are: behind a page's cursor, or (after rows have left) before an instant, or both. */
export interface OlderPlace {
  readonly cursor: string | null;
  readonly before: string | null;
}

/** Rows that live keeps, and the most that wait to be shown. */
export const mostRows = 1_000;
/** Rows that "Load more" reaches; beyond them a narrower filter finds better. */
export const mostLoaded = 10_000;

const none: ReadonlySet<string> = new Set();

export function listOf({ data, nextCursor, warnings = [] }: DeliveryPage): DeliveryList {
  const notes = warnings.map(({ message }) => plainWords(message));
  return { rows: data, older: placeAt(nextCursor), waiting: [], behind: false, fresh: none, notes };
}

function placeAt(cursor: string | null, before: string | null = null): OlderPlace | null {
  return cursor === null ? null : { cursor, before };
}

/** With a page of older ones below. */
export function withOlder(list: DeliveryList, page: DeliveryPage): DeliveryList {
  const known = new Set(list.rows.map(({ id }) => id));
  const rows = [...list.rows, ...page.data.filter(({ id }) => !known.has(id))];
  return { ...list, rows, older: placeAt(page.nextCursor, list.older?.before) };
}

export interface Receiving {
  /** Whether a delivery that is not in view belongs there. */
  readonly matches: (delivery: Delivery) => boolean;
  /** Somebody reads: nothing may move. */
  readonly reading: boolean;
}

/** After deliveries came, or changed. */
export function receive(
  list: DeliveryList,
  came: readonly Delivery[],
  { matches, reading }: Receiving,
): DeliveryList {
  const latest = new Map<string, Delivery>();
  for (const delivery of came)
    if (isNewer(delivery, latest.get(delivery.id))) latest.set(delivery.id, delivery);
  const rows = changedInPlace(list.rows, latest);
  const waiting = changedInPlace(list.waiting, latest);
  const oldest = list.rows.at(-1)?.id ?? '';
  const added = [...latest.values()].filter(
    (delivery) => matches(delivery) && (list.older === null || delivery.id > oldest),
  );
  if (added.length === 0) {
    return rows === list.rows && waiting === list.waiting ? list : { ...list, rows, waiting };
  }
  if (reading || list.behind) {
    const all = sorted([...added, ...waiting]);
    const behind = list.behind || all.length > mostRows;
    return { ...list, rows, waiting: all.slice(0, mostRows), behind };
  }
  return bounded({ ...list, rows: sorted([...added, ...rows]), fresh: new Set(added.map(({ id }) => id)) });
}

/** Those that are known replaced by what they have become, and taken out of `latest`; the same array if none is. */
function changedInPlace(rows: readonly Delivery[], latest: Map<string, Delivery>): readonly Delivery[] {
  let changed: Delivery[] | null = null;
  for (const [place, row] of rows.entries()) {
    const now = latest.get(row.id);
    if (!now) continue;
    latest.delete(row.id);
    if (!isNewer(now, row)) continue;
    changed ??= [...rows];
    changed[place] = now;
  }
  return changed ?? rows;
}

/** An answer that was on its way for longer must not undo what live told meanwhile. */
function isNewer(delivery: Delivery, known: Delivery | undefined): boolean {
  return known === undefined || delivery.attemptCount >= known.attemptCount;
}

/** Shows those that wait. Where there is a gap ({@link DeliveryList.behind}), ask for a fresh page instead. */
export function bringIn(list: DeliveryList): DeliveryList {
  if (list.waiting.length === 0) return list;
  const fresh = new Set(list.waiting.map(({ id }) => id));
  return bounded({ ...list, rows: sorted([...list.waiting, ...list.rows]), waiting: [], fresh });
}

/**
 * After the stream was away: the newest page says what was missed. If it does not reach what is known, there is a gap;
 * then it takes the place of all, or while somebody reads the list is behind.
 */
export function catchUp(list: DeliveryList, page: DeliveryPage, reading: boolean): DeliveryList {
  const known = new Set([...list.rows, ...list.waiting].map(({ id }) => id));
  const reaches = page.nextCursor === null || page.data.some(({ id }) => known.has(id));
  if (reaches || list.rows.length === 0) return receive(list, page.data, { matches: () => true, reading });
  return reading
    ? { ...receive(list, page.data, { matches: () => true, reading }), behind: true }
    : listOf(page);
}

/** Ids of deliveries rise with the time of acceptance. */
function sorted(rows: readonly Delivery[]): readonly Delivery[] {
  return rows.toSorted((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}

function bounded(list: DeliveryList): DeliveryList {
  const rows = list.rows.slice(0, mostRows);
  const last = rows.at(-1);
  if (rows.length === list.rows.length || !last) return list;
  // The instant is exclusive, and others may have been accepted in the same millisecond.
  const before = new Date(Date.parse(last.acceptedAt) + 1).toISOString();
  return { ...list, rows, older: { cursor: null, before } };
}

/** "12", or "1,000+" when there may be more. */
export function waitingCount({ waiting, behind }: DeliveryList): string {
  return `${waiting.length.toLocaleString('en')}${behind ? '+' : ''}`;
}
