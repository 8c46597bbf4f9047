/**
 * What of a page of a database file SQLite does not use, and may still hold what was there before: when cells move to another
 * page, SQLite does not clean the place that they leave, `secure_delete` or not.
 *
 * ```text
 * │ header │ cell pointers ──▸ │      gap      │ ◂── cells, and free blocks between them │
 * ```
 * https://www.sqlite.org/fileformat2.html#b_tree_pages
 */

/** Bytes from one to before another. */
export interface Bytes {
  readonly from: number;
  readonly to: number;
}

export interface PageFormat {
  readonly pageSize: number;
  /** Bytes at the end of each page that are not SQLite's to use, subtracted. */
  readonly usable: number;
  /** Pages of the file. */
  readonly pages: number;
}

const interiorIndex = 2;
const interiorTable = 5;
const leafIndex = 10;
const leafTable = 13;
const kinds: readonly number[] = [interiorIndex, interiorTable, leafIndex, leafTable];
/** Page 1 begins with the header of the file. */
const fileHeader = 100;
const fewestCellBytes = 4;

/** Bytes of a cell that do not fit on its page: on pages from `first` on, each of which begins with the number of the next. */
export interface Overflow {
  readonly first: number;
  readonly bytes: number;
}

/** What is known of a page of a table or an index. */
export interface TreePage {
  readonly unused: readonly Bytes[];
  readonly overflows: readonly Overflow[];
}

/**
 * The unused bytes of a page that is certainly one of a table or an index: all of its bytes are accounted for. `null` for any
 * other, whose bytes may all be used.
 *
 * Other pages begin with the number of a page or with zeros. As long as that number is not larger than the file has
 * pages, it cannot be the kind of a b-tree's page.
 */
export function readTreePage(page: Uint8Array, number: number, format: PageFormat): TreePage | null {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const start = number === 1 ? fileHeader : 0;
  const kind = view.getUint8(start);
  if (!kinds.includes(kind) || (number > 1 && view.getUint32(0) <= format.pages)) return null;
  const isLeaf = kind === leafIndex || kind === leafTable;
  const cells = view.getUint16(start + 3);
  const pointers = start + (isLeaf ? 8 : 12);
  const gap = { from: pointers + 2 * cells, to: view.getUint16(start + 5) || 65_536 };
  if (gap.to > format.usable || gap.from > gap.to) return null;

  const free = freeBlocks(view, view.getUint16(start + 1), gap.to, format.usable);
  if (free === null) return null;
  let accounted = view.getUint8(start + 7) + free.reduce((sum, { from, to }) => sum + to - from, 0);
  const overflows: Overflow[] = [];
  for (let i = 0; i < cells; i++) {
    const at = view.getUint16(pointers + 2 * i);
    if (at < gap.to || at + fewestCellBytes > format.usable) return null;
    const cell = readCell(view, at, kind, format.usable);
    if (cell === null || at + cell.size > format.usable) return null;
    accounted += cell.size;
    if (cell.overflow > 0) {
      overflows.push({ first: view.getUint32(at + cell.size - 4), bytes: cell.overflow });
    }
  }
  if (accounted !== format.usable - gap.to) return null;
  // A free block's first four bytes are its own: where the next one is, and its size.
  return { unused: [gap, ...free.map(({ from, to }) => ({ from: from + 4, to }))], overflows };
}

/** `null`: it is no list of free blocks. */
function freeBlocks(view: DataView, first: number, contents: number, usable: number): Bytes[] | null {
  const blocks: Bytes[] = [];
  let end = contents;
  for (let at = first; at !== 0; at = view.getUint16(at)) {
    if (at < end || at + fewestCellBytes > usable) return null;
    const to = at + view.getUint16(at + 2);
    if (to < at + fewestCellBytes || to > usable) return null;
    blocks.push({ from: at, to });
    end = to;
  }
  return blocks;
}

interface Cell {
  /** On its page, with the number of the page where it goes on. */
  readonly size: number;
  /** Bytes on other pages. */
  readonly overflow: number;
}

function readCell(view: DataView, cell: number, kind: number, usable: number): Cell | null {
  let at = cell + (kind === interiorIndex || kind === interiorTable ? 4 : 0);
  if (kind === interiorTable) {
    const key = readVarint(view, at);
    return key && { size: key.end - cell, overflow: 0 };
  }
  const payload = readVarint(view, at);
  if (!payload) return null;
  at = payload.end;
  if (kind === leafTable) {
    const key = readVarint(view, at);
    if (!key) return null;
    at = key.end;
  }
  const most = kind === leafTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  if (payload.value <= most) {
    return { size: Math.max(fewestCellBytes, at + payload.value - cell), overflow: 0 };
  }
  const whole = least + ((payload.value - least) % (usable - 4));
  const local = whole <= most ? whole : least;
  return { size: at + local + 4 - cell, overflow: payload.value - local };
}

function readVarint(view: DataView, from: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    if (from + i >= view.byteLength) return null;
    const byte = view.getUint8(from + i);
    if (i === 8) return { value: value * 256 + byte, end: from + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: from + i + 1 };
  }
  return null;
}

/** Whether something else than zeros is there. */
export function isDirty(page: Uint8Array, { from, to }: Bytes): boolean {
  for (let at = from; at < to; at++) if (page[at] !== 0) return true;
  return false;
}

/** Pages of the free list that hold nothing: its leaves. A trunk's list of these, and the rest of it: `unused`. */
export interface Trunk {
  readonly next: number;
  readonly leaves: readonly number[];
  readonly unused: Bytes;
}

/** A trunk of the free list: https://www.sqlite.org/fileformat2.html#the_freelist */
export function readTrunk(page: Uint8Array, { usable, pages }: PageFormat): Trunk | null {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const [next, count] = [view.getUint32(0), view.getUint32(4)];
  if (next > pages || 8 + 4 * count > usable) return null;
  const leaves = Array.from({ length: count }, (_, i) => view.getUint32(8 + 4 * i));
  if (leaves.some((leaf) => leaf < 2 || leaf > pages)) return null;
  return { next, leaves, unused: { from: 8 + 4 * count, to: usable } };
}

/** Pages that the file has for its own order where it can shrink by itself, and the one of its locks. */
export function isReserved(number: number, header: Uint8Array, { usable, pageSize }: PageFormat): boolean {
  const lockPage = Math.floor(0x40000000 / pageSize) + 1;
  if (number === lockPage) return true;
  const shrinks = new DataView(header.buffer, header.byteOffset).getUint32(52) !== 0;
  if (!shrinks || number < 2) return false;
  const group = Math.floor(usable / 5) + 1;
  const map = Math.floor((number - 2) / group) * group + 2;
  return number === (map === lockPage ? map + 1 : map);
}

/** What the first page tells of the file. */
export function formatOf(header: Uint8Array): PageFormat {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const written = view.getUint16(16);
  const pageSize = written === 1 ? 65_536 : written;
  return { pageSize, usable: pageSize - view.getUint8(20), pages: view.getUint32(28) };
}

/** Where the free list begins; 0: it is empty. */
export function firstTrunk(header: Uint8Array): number {
  return new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(32);
}
