import { bytesOf, type ListedRows, mostPageBytes } from './listed-rows.ts';

/** So many rows are judged in one piece, some 2 µs each, and so many pieces for one page. */
export const pieceRows = 2_500;
const mostPieces = 10;

/** A list of which few may pass its filter, and no index finds those; newest first. */
export interface Walk<Row, Place> {
  /** Where the piece behind a place ends: the place of its last row; `null`: at the list's end, or when all pass. */
  endOf(behind: Place | null): Promise<Place | null>;
  /** The first rows that pass the filter, behind a place and up to an end (`null`: the list's). */
  rowsIn(behind: Place | null, end: Place | null, limit: number): Promise<ListedRows<Row>>;
  placeOf(row: Row): Place;
}

export interface WalkedPage<Row, Place> {
  readonly rows: readonly Row[];
  /** Where the next page goes on; `null` at the end. */
  readonly next: Place | null;
}

/**
 * One page. What is looked for may be nowhere, so that all has to be judged: that is done in pieces, others have their turns
 * between two of them, and a page that has cost enough is short.
 */
export async function walkPage<Row extends object, Place>(
  { endOf, rowsIn, placeOf }: Walk<Row, Place>,
  limit: number,
  from: Place | null,
): Promise<WalkedPage<Row, Place>> {
  const rows: Row[] = [];
  let bytes = 0;
  let behind = from;
  for (let pieces = 1; ; pieces++) {
    const end = await endOf(behind);
    const room = limit - rows.length;
    const found = await rowsIn(behind, end, room + 1);
    for (const row of found.rows.slice(0, room)) {
      rows.push(row);
      bytes += bytesOf(row);
    }
    const last = rows.at(-1);
    if (last && (found.cut || found.rows.length > room)) return { rows, next: placeOf(last) };
    const isEnough = pieces === mostPieces || bytes >= mostPageBytes || rows.length === limit;
    if (end === null || isEnough) return { rows, next: end };
    behind = end;
  }
}
