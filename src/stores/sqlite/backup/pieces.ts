import type { FileHandle } from 'node:fs/promises';

/** A part of a file that lies together. */
export interface Run {
  readonly at: number;
  readonly bytes: number;
}

const longestRunBytes = 1024 * 1024;
/** What is not on disk yet delays everybody's fsync on the same disk, so it is never much. */
const flushEveryBytes = 8 * 1024 * 1024;

/** The places of pages in a file, neighbours together, in order. */
export function runsOf(pages: Iterable<number>, pageSize: number): readonly Run[] {
  const runs: { at: number; bytes: number }[] = [];
  for (const page of [...pages].sort((a, b) => a - b)) {
    const at = (page - 1) * pageSize;
    const last = runs.at(-1);
    if (last && last.at + last.bytes === at && last.bytes < longestRunBytes) last.bytes += pageSize;
    else runs.push({ at, bytes: pageSize });
  }
  return runs;
}

/** Reads a part of a file; less where the file ends before. */
export async function readPiece(file: FileHandle, { at, bytes }: Run): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** Writes all of the data, and flushes now and then. */
export function createPieceWriter(file: FileHandle): (at: number, data: Buffer) => Promise<void> {
  let notFlushed = 0;
  return async (at, data) => {
    let done = 0;
    while (done < data.length) {
      const { bytesWritten } = await file.write(data, done, data.length - done, at + done);
      done += bytesWritten;
    }
    notFlushed += done;
    if (notFlushed < flushEveryBytes) return;
    notFlushed = 0;
    await file.datasync();
  };
}
