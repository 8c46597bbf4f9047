import { closeSync, openSync, readSync } from 'node:fs';

/**
 * The write-ahead log as it lies on disk, to learn which pages it holds (https://sqlite.org/fileformat2.html#walformat).
 *
 * ```text
 * header, 32 bytes: magic, version, page size, checkpoint number, salt (8 bytes at 16), checksum
 * frame,  24 bytes + page: page number (4 bytes at 0), size at commit, salt (8 bytes at 8), checksum
 * ```
 * Frames whose salt is the header's belong together: one *generation*. When everything is in the database and nobody
 * reads it any more, the next writer begins again at the start with another salt.
 */
export interface WalFile {
  /** Names the generation; `null`: nothing was ever written. */
  generation(): string | null;
  /**
   * The pages of the frames `after + 1` to `last`, which must all be committed and of this generation.
   * @throws {WalChangedError} when they are not
   */
  pages(generation: string, after: number, last: number): readonly number[];
  /** How many pages the database had after the commit that a frame ends. */
  pagesAtCommit(frame: number): number;
  /** The page in a frame. */
  page(frame: number): Buffer;
  close(): void;
}

/** Somebody did to the log what SQLite's locks forbid (removed it, or wrote another one over it). */
export class WalChangedError extends Error {
  readonly code = 'wal_changed';
  constructor() {
    super('The write-ahead log of the database was replaced while it was read. Try again.');
    this.name = 'WalChangedError';
  }
}

const headerBytes = 32;
const frameHeaderBytes = 24;
const readAtOnce = 1024 * 1024;

export function openWalFile(file: string, pageSize: number): WalFile {
  // SQLite keeps no locks on this file, so closing it loses none of this process.
  const handle = openSync(file, 'r');
  const header = Buffer.alloc(headerBytes);
  const frameBytes = frameHeaderBytes + pageSize;
  const framesAtOnce = Math.max(1, Math.floor(readAtOnce / frameBytes));
  const chunk = Buffer.alloc(framesAtOnce * frameBytes);

  function generation(): string | null {
    const read = readSync(handle, header, 0, headerBytes, 0);
    return read === headerBytes ? header.toString('hex', 16, 24) : null;
  }

  function read(frame: number, from: number, bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes);
    const at = headerBytes + (frame - 1) * frameBytes + from;
    if (readSync(handle, buffer, 0, bytes, at) !== bytes) throw new WalChangedError();
    return buffer;
  }

  return {
    generation,

    pages(expected, after, last) {
      const found: number[] = [];
      for (let frame = after; frame < last; frame += framesAtOnce) {
        const count = Math.min(framesAtOnce, last - frame);
        const bytes = count * frameBytes;
        if (readSync(handle, chunk, 0, bytes, headerBytes + frame * frameBytes) !== bytes)
          throw new WalChangedError();
        for (let at = 0; at < bytes; at += frameBytes) {
          if (chunk.toString('hex', at + 8, at + 16) !== expected) throw new WalChangedError();
          found.push(chunk.readUInt32BE(at));
        }
      }
      return found;
    },

    pagesAtCommit(frame) {
      const count = read(frame, 0, frameHeaderBytes).readUInt32BE(4);
      if (count === 0) throw new WalChangedError();
      return count;
    },

    page: (frame) => read(frame, frameHeaderBytes, pageSize),

    close: () => closeSync(handle),
  };
}
