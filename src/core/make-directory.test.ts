import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeDirectory } from './make-directory.ts';

it('makes a directory and those above it for this user only, and leaves one that is there', () => {
  const root = mkdtempSync(join(tmpdir(), 'hookwire-'));
  try {
    makeDirectory(join(root, 'a', 'b'));
    makeDirectory(join(root, 'a', 'b'));
    expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'a', 'b')).isDirectory()).toBe(true);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it.runIf(process.platform === 'linux')(
  'fails where no directory can be made, instead of trying for ever',
  () => {
    expect(() => makeDirectory('/proc/hookwire/data')).toThrow(/ENOENT/);
  },
);
