import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepPrivate } from './private-files.ts';

describe.skipIf(process.platform === 'win32')('the files of a data directory', () => {
  let directory: string;
  let umask: number;
  beforeEach(() => {
    // As on most machines: what is made without more can be read by everybody.
    umask = process.umask(0o022);
    directory = mkdtempSync(join(tmpdir(), 'hookwire-private-'));
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(directory, { recursive: true });
  });

  const modes = () =>
    Object.fromEntries(
      readdirSync(directory).map((name) => [
        name,
        (statSync(join(directory, name)).mode & 0o777).toString(8),
      ]),
    );

  it('are made for their owner alone, the journals too', () => {
    const warnings: string[] = [];
    keepPrivate(directory, (warning) => warnings.push(warning));
    const db = new DatabaseSync(join(directory, 'hookwire.db'));
    db.exec('pragma journal_mode = wal; create table one (a)');
    expect(modes()).toEqual({
      'hookwire.db': '600',
      'hookwire.db-shm': '600',
      'hookwire.db-wal': '600',
      'hookwire.lock': '600',
    });
    db.close();
    expect(warnings).toEqual([]);
  });

  it('are closed to others where they were open, and left alone otherwise', () => {
    const db = new DatabaseSync(join(directory, 'hookwire.db'));
    db.exec('pragma journal_mode = wal; create table one (a)');
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    const warnings: string[] = [];
    keepPrivate(directory, (warning) => warnings.push(warning));
    expect(modes()).toEqual({
      'hookwire.db': '600',
      'hookwire.db-shm': '600',
      'hookwire.db-wal': '600',
      'hookwire.lock': '600',
      'notes.txt': '644',
    });
    db.exec('insert into one values (1)');
    db.close();
    expect(warnings).toEqual([
      expect.stringMatching(/^hookwire\.db, hookwire\.db-shm, hookwire\.db-wal of .* now only the owner may/),
    ]);
    keepPrivate(directory, (warning) => warnings.push(warning));
    expect(warnings).toHaveLength(1);
  });

  it('lie in a directory of which is said how to mend it, where others may look into it', () => {
    const warnings: string[] = [];
    for (const mode of [0o755, 0o750, 0o701]) {
      chmodSync(directory, mode);
      keepPrivate(directory, (warning) => warnings.push(warning));
    }
    expect(warnings).toEqual(
      [755, 750, 701].map((mode) =>
        expect.stringContaining(`(mode ${mode}): chmod 700 '${directory}' closes it.`),
      ),
    );
    expect((statSync(directory).mode & 0o777).toString(8)).toBe('701');
  });
});
