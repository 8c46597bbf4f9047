import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { packageVersion, root } from '../../bench/harness/machine.ts';

const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Where a real Chromium is: the one that an npm package carries, or the machine's own where that is not for this
 * processor. `HOOKWIRE_TEST_CHROMIUM` names another.
 */
export async function chromiumPath(): Promise<string> {
  const { HOOKWIRE_TEST_CHROMIUM: named } = process.env;
  if (named !== undefined) return named;
  if (process.platform === 'linux' && process.arch === 'x64') return unpacked();
  const own = system.find((path) => existsSync(path));
  if (own === undefined) throw new Error('Name a Chromium by HOOKWIRE_TEST_CHROMIUM.');
  return own;
}

/**
 * The package's, unpacked once for each of its versions. It is unpacked beside its place and then given its name: whoever
 * finds it finds all of it, also where two unpack at once or one was stopped in the middle. (The package's own place,
 * `/tmp/chromium`, is there from the first byte on, and to start it before the last fails with ETXTBSY.)
 */
async function unpacked(): Promise<string> {
  const cache = join(root, 'node_modules', '.cache');
  const place = join(cache, `chromium-${packageVersion(root, '@sparticuz/chromium')}`);
  const path = join(place, 'chromium');
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(`${place}-`);
  await unpackInto(beside);
  await rename(beside, place).catch(async (error: unknown) => {
    await rm(beside, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  });
  return path;
}

/** The package unpacks into the directory for temporary files, and nowhere else. */
async function unpackInto(directory: string): Promise<void> {
  const { TMPDIR: before } = process.env;
  process.env.TMPDIR = directory;
  try {
    await sparticuz.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
