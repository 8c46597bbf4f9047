import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createPieceWriter, readPiece, runsOf } from './pieces.ts';
import { asSingleFile, headerBytes, readPageSize } from './sqlite-header.ts';
import { followWal } from './wal-follower.ts';
import { keepWalShort } from './wal-keeper.ts';

/** How a copy went. */
export interface CopyReport {
  readonly bytes: number;
  /** The longest time for which nobody could write, ms. */
  readonly longestLockMs: number;
  /** The most that the write-ahead log held. */
  readonly largestWalBytes: number;
}

export interface CopyOptions {
  /** A database in WAL mode, which others may write. */
  readonly file: string;
  /** Empty, opened for writing. */
  readonly target: FileHandle;
  readonly signal: AbortSignal;
  readonly onProgress: (copiedBytes: number, ofBytes: number) => void;
}

/** The database changes faster than the copy is written. */
export class TargetTooSlowError extends Error {
  readonly code = 'target_too_slow';
  constructor() {
    super(
      'The database changes faster than the backup can be written: write it to a faster disk, or when there is less to do.',
    );
    this.name = 'TargetTooSlowError';
  }
}

interface Piece {
  readonly at: number;
  readonly data: Buffer;
}

const chunkBytes = 1024 * 1024;
/** The last changes are read into memory; more of them are copied in one more round before. */
const lastBytes = 32 * 1024 * 1024;
/** Where rounds do not make them fewer, since the target is slow. */
const mostLastBytes = 256 * 1024 * 1024;
const rounds = 8;

/**
 * Copies a database as it is at one moment after the call, while others write it:
 *
 * 1. the whole file, while it changes;
 * 2. again and again what has changed meanwhile, until that is little;
 * 3. that little as it is at one moment, out of the file and the log, into memory, and from there to the target.
 *
 * Writers are locked out for less than a millisecond at that moment, and for a small checkpoint for every 48 MiB that
 * they write, so that the log stays about that long however slow the target is. docs/benchmarks.md has the figures. What else
 * there is does not do: SQLite's online backup begins again whenever another connection has written; `VACUUM INTO` and
 * one long read transaction let the log grow as long as they take.
 *
 * Not for a process that has the database open besides: when it closes a file, POSIX takes all its locks on it.
 */
export async function copyDatabase(options: CopyOptions): Promise<CopyReport> {
  const { target } = options;
  const source = await open(options.file, 'r');
  try {
    const write = createPieceWriter(target);
    const { last, ...report } = await copyAllButLast(source, write, options);
    for (const { at, data } of last) await write(at, at === 0 ? asSingleFile(data) : data);
    await target.truncate(report.bytes);
    await target.sync();
    return report;
  } finally {
    await source.close();
  }
}

async function copyAllButLast(
  source: FileHandle,
  write: (at: number, data: Buffer) => Promise<void>,
  { file, signal, onProgress }: CopyOptions,
): Promise<CopyReport & { readonly last: readonly Piece[] }> {
  const pageSize = readPageSize(await readPiece(source, { at: 0, bytes: headerBytes }));
  const size = (): number => statSync(file).size;
  /** What is still to be read needs no note that it changed. */
  let unreadFrom = 1;
  const follower = followWal(file, pageSize, () => unreadFrom);
  const keeper = keepWalShort(follower);

  async function copy(at: number, bytes: number): Promise<void> {
    signal.throwIfAborted();
    keeper.check();
    await write(at, await readPiece(source, { at, bytes }));
  }

  function takeChanged(): ReturnType<typeof runsOf> {
    const runs = runsOf(follower.changed, pageSize);
    follower.changed.clear();
    return runs;
  }

  try {
    for (let at = 0; at < size(); at += chunkBytes) {
      unreadFrom = (at + chunkBytes) / pageSize + 1;
      await copy(at, chunkBytes);
      onProgress(Math.min(at + chunkBytes, size()), size());
    }
    unreadFrom = Infinity;
    for (let round = 1; follower.changed.size * pageSize > lastBytes && round <= rounds; round++) {
      for (const { at, bytes } of takeChanged()) await copy(at, bytes);
    }
    if (follower.changed.size * pageSize > mostLastBytes) throw new TargetTooSlowError();
    await keeper.stop();
    keeper.check();
    const { bytes, inLog, page } = await follower.snapshot();
    // The first page's header is the one that is changed for the copy.
    for (const changed of [1, ...inLog.keys()]) follower.changed.add(changed);
    const last: Piece[] = [];
    for (const run of takeChanged()) last.push({ at: run.at, data: await readPiece(source, run) });
    for (const [number, frame] of inLog) last.push({ at: (number - 1) * pageSize, data: page(frame) });
    const { longestLockMs } = follower;
    return { bytes, longestLockMs, largestWalBytes: keeper.largestWalBytes, last };
  } finally {
    await keeper.stop();
    follower.close();
  }
}
