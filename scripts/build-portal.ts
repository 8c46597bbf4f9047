/**
 * Builds the portal into `web/dist`: Vite makes the files, then each that is worth it is also kept compressed (`.br`,
 * `.gz`), since the gateway sends them as they lie there. Prints what the first page loads.
 *
 * `--if-needed` does nothing while the build is newer than everything that it is made of.
 */
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { initialJavaScript, kilobytes } from './portal-size.ts';

const root = join(import.meta.dirname, '..');
const portal = join(root, 'web');
const dist = join(portal, 'dist');
const manifest = join('.vite', 'manifest.json');

const compressible = new Set(['.js', '.css', '.html', '.svg', '.json', '.txt', '.map']);
const smallest = 1024;

/** Whether the build is newer than every source of the portal and what it is built with. */
export function isBuilt(): boolean {
  if (!existsSync(join(dist, manifest))) return false;
  const builtAt = statSync(join(dist, manifest)).mtimeMs;
  return sources().every((file) => statSync(file).mtimeMs <= builtAt);
}

function sources(): string[] {
  const inside = readdirSync(portal, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist')
    .flatMap((entry) => {
      const path = join(portal, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    });
  const shared = filesIn(join(root, 'src', 'shared'));
  return [...inside, ...shared, join(root, 'package-lock.json')].filter((path) => existsSync(path));
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
}

/**
 * Builds and compresses, beside the build that there is, which is replaced as a whole: a gateway that serves it never
 * sees a half one.
 */
export async function buildPortal(): Promise<void> {
  const startedAt = new Date();
  const draft = join(root, '.tmp', `portal-${process.pid}`);
  await forProduction(() =>
    build({
      root: portal,
      configFile: join(portal, 'vite.config.ts'),
      logLevel: 'warn',
      // check-portal-size.ts knows better.
      build: { outDir: draft, emptyOutDir: true, chunkSizeWarningLimit: 5_000, license: true },
    }),
  );
  const files = readdirSync(draft, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== 'manifest.json' && compressible.has(extname(entry.name)),
  );
  for (const { parentPath, name } of files) compress(join(parentPath, name));
  // What was changed during the build is not in it.
  utimesSync(join(draft, manifest), startedAt, startedAt);
  replace(draft);
}

/** Vite believes `NODE_ENV`, which a test runner sets: React's development build would be a third larger. */
async function forProduction(run: () => Promise<unknown>): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await run();
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

/** Somebody else may build at the same time; the last one stays. */
function replace(draft: string): void {
  const before = `${draft}-before`;
  for (let tries = 0; ; tries++) {
    rmSync(before, { recursive: true, force: true });
    try {
      if (existsSync(dist)) renameSync(dist, before);
      renameSync(draft, dist);
      rmSync(before, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

function compress(file: string): void {
  const content = readFileSync(file);
  if (content.length < smallest) return;
  const brotli = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}

if (import.meta.main) {
  if (process.argv.includes('--if-needed') && isBuilt()) {
    console.log('The portal is built already.');
  } else {
    const startedAt = performance.now();
    await buildPortal();
    const size = initialJavaScript(dist);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(
      `Built the portal in ${seconds} s; it starts with ${kilobytes(size.gzipBytes)} of JavaScript.`,
    );
  }
}
