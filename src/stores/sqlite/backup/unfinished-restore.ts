import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flushDirectory } from './partial-file.ts';

/** The files of a data directory do not belong together, since a restore was ended in the middle. */
export class UnfinishedRestoreError extends Error {
  readonly code = 'unfinished_restore';
  constructor(dataDir: string) {
    super(
      `A restore into ${dataDir} did not come to its end: run \`hookwire restore\` with the same backup again. ` +
        'What was there before lies beside it, named .before-restore-….',
    );
    this.name = 'UnfinishedRestoreError';
  }
}

const marker = 'hookwire.restoring';

/** @param database the file `hookwire.db`, there or not */
export function refuseUnfinishedRestore(database: string): void {
  const dataDir = dirname(database);
  if (existsSync(join(dataDir, marker))) throw new UnfinishedRestoreError(dataDir);
}

/** Runs what puts other files in place; until it has ended well, nobody opens the directory. */
export async function whileRestoring(dataDir: string, putInPlace: () => Promise<void>): Promise<void> {
  const file = join(dataDir, marker);
  writeFileSync(file, '', { mode: 0o600, flush: true });
  await flushDirectory(dataDir);
  await putInPlace();
  await flushDirectory(dataDir);
  rmSync(file);
  await flushDirectory(dataDir);
}
