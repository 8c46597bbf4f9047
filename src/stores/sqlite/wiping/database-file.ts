import { fdatasyncSync, readSync, writeSync } from 'node:fs';
import {
  type Bytes,
  firstTrunk,
  formatOf,
  isDirty,
  isReserved,
  type Overflow,
  type PageFormat,
  readTreePage,
  readTrunk,
  type TreePage,
} from './unused-bytes.ts';

const headerBytes = 100;

/** A database file read past SQLite, page by page; written only where SQLite does not look. */
export interface DatabaseFile {
  readonly format: PageFormat;
  /** Bytes of pages, `from` to before `to`, that nothing uses and that are not zero. */
  dirty(from: number, to: number): readonly DirtyBytes[];
  /** Overwrites them with zeros, on disk. */
  clean(all: readonly DirtyBytes[]): void;
}

export interface DirtyBytes extends Bytes {
  readonly page: number;
}

/** @param descriptor of the file, open for both */
export function openDatabaseFile(descriptor: number): DatabaseFile {
  const header = new Uint8Array(headerBytes);
  readSync(descriptor, header, 0, headerBytes, 0);
  const format = formatOf(header);
  const { pageSize, usable, pages } = format;
  const page = new Uint8Array(pageSize);
  const free = freePages();

  function read(number: number): boolean {
    return readSync(descriptor, page, 0, pageSize, (number - 1) * pageSize) === pageSize;
  }

  /** The parts of each page of the free list that mean nothing. */
  function freePages(): ReadonlyMap<number, Bytes> {
    const found = new Map<number, Bytes>();
    for (let number = firstTrunk(header); number !== 0 && !found.has(number); ) {
      const trunk = read(number) ? readTrunk(page, format) : null;
      if (!trunk) break;
      found.set(number, trunk.unused);
      for (const leaf of trunk.leaves) found.set(leaf, { from: 0, to: pageSize });
      number = trunk.next;
    }
    return found;
  }

  function treePage(number: number): TreePage | null {
    const own = free.get(number);
    if (own) return { unused: [own], overflows: [] };
    return isReserved(number, header, format) ? null : readTreePage(page, number, format);
  }

  /** What a long text leaves free on the last of its pages. */
  function restOf({ first, bytes }: Overflow): DirtyBytes | null {
    const bytesEach = usable - 4;
    let number = first;
    for (let left = bytes; ; left -= bytesEach) {
      if (number < 2 || number > pages || free.has(number) || !read(number)) return null;
      if (left <= bytesEach) return { page: number, from: 4 + left, to: usable };
      number = new DataView(page.buffer).getUint32(0);
    }
  }

  return {
    format,
    dirty(from, to) {
      const found: DirtyBytes[] = [];
      for (let number = from; number < to && number <= pages; number++) {
        if (!read(number)) break;
        const known = treePage(number);
        if (!known) continue;
        for (const bytes of known.unused) if (isDirty(page, bytes)) found.push({ page: number, ...bytes });
        for (const overflow of known.overflows) {
          const rest = restOf(overflow);
          if (rest && isDirty(page, rest)) found.push(rest);
        }
      }
      return found;
    },
    clean(all) {
      for (const { page: number, from, to } of all) {
        writeSync(descriptor, new Uint8Array(to - from), 0, to - from, (number - 1) * pageSize + from);
      }
      fdatasyncSync(descriptor);
    },
  };
}
