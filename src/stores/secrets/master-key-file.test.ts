import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOrCreateMasterKey } from './master-key-file.ts';

const unix = process.platform !== 'win32';

describe('loadOrCreateMasterKey', () => {
  let root: string;
  let dataDir: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'hookwire-key-'));
    dataDir = join(root, 'data');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('makes a key of 32 bytes once and gives the same one from then on', async () => {
    const first = await loadOrCreateMasterKey(dataDir);
    expect(Buffer.from(first, 'base64')).toHaveLength(32);
    expect(await loadOrCreateMasterKey(dataDir)).toBe(first);
    expect(await readdir(dataDir)).toEqual(['master.key']);
  });

  it('gives one key to all who start at the same time', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateMasterKey(dataDir)));
    expect(new Set(keys).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['master.key']);
  });

  it.runIf(unix)('lets only the owner read it', async () => {
    await loadOrCreateMasterKey(dataDir, (message) => expect.fail(message));
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it.runIf(unix)('closes a file that others may read, and says so', async () => {
    const key = await loadOrCreateMasterKey(dataDir);
    await chmod(join(dataDir, 'master.key'), 0o644);
    const warnings: string[] = [];
    expect(await loadOrCreateMasterKey(dataDir, (message) => warnings.push(message))).toBe(key);
    expect(warnings).toEqual([expect.stringContaining('only its owner may read it')]);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it('refuses an empty file instead of making another key', async () => {
    await loadOrCreateMasterKey(dataDir);
    await writeFile(join(dataDir, 'master.key'), '\n');
    await expect(loadOrCreateMasterKey(dataDir)).rejects.toThrow(/master\.key is empty/);
    expect(await readFile(join(dataDir, 'master.key'), 'utf8')).toBe('\n');
  });
});
