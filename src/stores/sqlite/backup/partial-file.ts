import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync } from 'node:fs';
import { type FileHandle, link, open, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BackupError, mebibytes } from './backup-error.ts';

const ownerOnly = 0o600;

/** A file that gets its name when it is whole; whatever happens before, there is none. */
export interface PartialFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** Flushes it and gives it its name, in place of what has it with `replace`. */
  finish(replace: boolean): Promise<void>;
  /** Removes it, where it is not finished. */
  discard(): Promise<void>;
}

/**
 * Begins a file, for its owner only, beside the place that it is to have.
 * @param expectedBytes what it needs; refused at once where the disk has not so much
 * @throws {BackupError}
 */
export async function beginFile(file: string, expectedBytes: number): Promise<PartialFile> {
  const directory = dirname(file);
  const path = join(directory, `${basename(file)}.${randomBytes(4).toString('hex')}.partial`);
  await checkSpace(directory, expectedBytes);
  const handle = await open(path, 'wx', ownerOnly).catch((error: NodeJS.ErrnoException) => {
    throw new BackupError(
      'failed',
      `${directory} takes no file (${error.code}): choose another place.`,
      error,
    );
  });
  let isOpen = true;
  let isFinished = false;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  return {
    path,
    handle,
    async finish(replace) {
      await handle.sync();
      await close();
      if (replace) await rename(path, file);
      else {
        // Unlike a rename, this fails where somebody has made the file meanwhile.
        await link(path, file);
        await rm(path);
      }
      isFinished = true;
      await flushDirectory(directory);
    },
    async discard() {
      await close();
      if (!isFinished) await rm(path, { force: true });
    },
  };
}

/** Makes the names in a directory durable. Windows neither needs nor allows it. */
export async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

/** @throws {BackupError} where there is something that must stay */
export function checkFree(file: string, force: boolean): void {
  if (!existsSync(dirname(file))) {
    throw new BackupError('usage', `There is no directory ${dirname(file)}: make it first.`);
  }
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isFile()) throw new BackupError('usage', `${file} is no file: name another one.`);
  if (!force) {
    throw new BackupError(
      'usage',
      `${file} is there already: name another one, or give --force to replace it.`,
    );
  }
}

async function checkSpace(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new BackupError(
    'failed',
    `There is too little space in ${directory}: it has ${mebibytes(free)}, and ${mebibytes(bytes)} are needed.`,
  );
}
