import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockDatabase } from './database-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'hookwire-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(process.platform === 'linux')('the lock on a database', () => {
  const make = (): string => {
    const file = join(folder, 'hookwire.db');
    writeFileSync(file, '');
    return file;
  };

  it('keeps a second one out until it is released, whatever is written to the file', async () => {
    const file = make();
    const lock = await lockDatabase(file);
    writeFileSync(file, 'more');
    await expect(lockDatabase(file)).rejects.toMatchObject({ code: 'data_directory_locked' });
    lock.release();
    (await lockDatabase(file)).release();
    rmSync(file);
  });

  it('keeps nobody out of another file that got the inode when the first was deleted', async () => {
    const file = make();
    const { ino } = statSync(file);
    const lock = await lockDatabase(file);
    // Not every file system gives it to the next file; there this holds anyway.
    for (let tried = 0; tried < 100; tried++) {
      rmSync(file);
      make();
      if (statSync(file).ino === ino) break;
    }
    (await lockDatabase(file)).release();
    lock.release();
  });
});
