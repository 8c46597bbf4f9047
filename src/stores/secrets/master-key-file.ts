import { randomBytes } from 'node:crypto';
import { chmod, link, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../../core/make-directory.ts';

const ownerOnly = 0o600;
const readableByOthers = 0o077;

/**
 * The master key of a data directory: 32 random bytes in base64 in `<dataDir>/master.key`, made at the first start
 * (with the directory), readable by its owner only. A file that others may read is closed to them, and `warn` says so.
 *
 * @throws when the file is there but empty, or cannot be read or made
 */
export async function loadOrCreateMasterKey(
  dataDir: string,
  warn: (message: string) => void = () => {},
): Promise<string> {
  const file = join(dataDir, 'master.key');
  makeDirectory(dataDir);
  const masterKey = (await read(file)) ?? (await create(dataDir, file));
  if (masterKey === '') {
    throw new Error(`${file} is empty. Restore it from a backup; without it, stored secrets cannot be read.`);
  }
  await closeToOthers(file, warn);
  return masterKey;
}

/** The configured master key, else the data directory's own, made where there is none; the directory too. */
export async function loadMasterKey(
  configured: string | null,
  dataDir: string,
  warn: (message: string) => void,
): Promise<string> {
  makeDirectory(dataDir);
  return configured ?? (await loadOrCreateMasterKey(dataDir, warn));
}

/** What `<dataDir>/master.key` says; `null` where there is none. */
export function readMasterKeyFile(dataDir: string): Promise<string | null> {
  return read(join(dataDir, 'master.key'));
}

async function read(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Written in full and flushed before it gets its name; of two processes that start at once, one wins for both. */
async function create(dataDir: string, file: string): Promise<string> {
  const draft = join(dataDir, `.master.key.${randomBytes(6).toString('hex')}`);
  const masterKey = randomBytes(32).toString('base64');
  try {
    const handle = await open(draft, 'wx', ownerOnly);
    await handle.writeFile(`${masterKey}\n`);
    await handle.sync();
    await handle.close();
    await link(draft, file);
    await flushDirectory(dataDir);
    return masterKey;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return (await read(file)) ?? '';
  } finally {
    await rm(draft, { force: true });
  }
}

/** Windows neither needs nor allows it. */
async function flushDirectory(dataDir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dataDir, 'r');
  await handle.sync().finally(() => handle.close());
}

async function closeToOthers(file: string, warn: (message: string) => void): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  if ((mode & readableByOthers) === 0) return;
  try {
    await chmod(file, ownerOnly);
    warn(`${file} was open to other users of this machine; now only its owner may read it.`);
  } catch (error) {
    if (!hasCode(error, 'EPERM') && !hasCode(error, 'EROFS')) throw error;
    warn(`${file} is open to other users of this machine, and Hookwire may not change that.`);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
