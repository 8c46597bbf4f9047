/**
 * Builds the program into `dist/`: a few files of JavaScript, packages included. Node finds, reads and compiles a
 * thousand files of TypeScript and packages in 2.4 s of CPU, these in 0.6 s. `bin/hookwire.js` runs it as long as it is
 * of what lies in `src/`; while somebody works on that, the sources run.
 *
 * Each build lies in a directory of its own, and the one before stays: a gateway that runs it may still load a part.
 *
 * `--if-needed` does nothing where the build is current.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { type Build, compileCache, isCurrent, readBuild, sourceOf } from '../bin/built.js';
import { thirdPartyNotices } from './third-party.ts';

/** What a build depends on besides the modules in it. */
const alsoFrom = ['package.json', 'scripts/build.ts', 'node_modules/.package-lock.json'];

/** Lies in its own package and is read from there when somebody opens /docs. */
export const external = /^@scalar\//;

/** In the directory of a build: whose code is in it. */
export const thirdPartyFile = 'third-party.md';

/**
 * Takes Node's own modules as objects. An `import` of `node:http` looks at every export, and one of them makes Node load
 * its own undici (35 ms); `node:crypto` does the same with WebCrypto (10 ms in each thread).
 */
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  renderChunk: (code) =>
    code.replace(
      /^import (\{[^}]*\}|\w+) from "(node:[\w/]+)";$/gm,
      (_whole, names: string, module: string) =>
        `const ${names.replaceAll(' as ', ': ')} = globalThis.process.getBuiltinModule("${module}");`,
    ),
};

/** The program, and each thread's. */
function entries(root: string): Record<string, string> {
  const workers = globSync('src/**/*-worker.ts', { cwd: root }).filter((path) => !path.includes('testing'));
  const files = ['src/main.ts', ...workers.sort()];
  const named = Object.fromEntries(files.map((file) => [basename(file, '.ts'), file]));
  if (Object.keys(named).length < files.length) throw new Error(`Two of ${files.join(', ')} have one name.`);
  return named;
}

/**
 * Builds, tries the result, and puts it where `bin/hookwire.js` finds it.
 * @param root the repository
 */
export async function build(root: string): Promise<void> {
  // Before the build reads them: what changes meanwhile makes the build an old one.
  const known = [...globSync('src/**/*.ts', { cwd: root }), ...alsoFrom];
  const before = new Map(
    known.filter((path) => existsSync(join(root, path))).map((path) => [path, sourceOf(root, path)]),
  );
  const dist = join(root, 'dist');
  const directory = `program-${Date.now().toString(36)}`;
  const bundle = await rolldown({
    cwd: root,
    input: entries(root),
    platform: 'node',
    external,
    logLevel: 'warn',
    plugins: [lazyBuiltins],
  });
  const { output } = await bundle.write({ dir: join(dist, directory), format: 'esm', comments: false });
  await bundle.close();
  await tryProgram(join(dist, directory));
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  writeFileSync(join(dist, directory, thirdPartyFile), thirdPartyNotices(modules));
  const inside = modules.map((id) => relative(root, id).replaceAll('\\', '/'));
  const sources = [...new Set([...alsoFrom, ...inside])].flatMap((path) => before.get(path) ?? []);
  putInPlace(root, { directory, sources });
}

/**
 * Starts and stops the gateway once, on a directory of its own: a build that does not run is none, and the first real
 * start finds its code compiled (0.15 s of CPU less).
 */
async function tryProgram(directory: string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hookwire-build-'));
  const gateway = spawn(process.execPath, [join(directory, 'main.js'), 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      NODE_COMPILE_CACHE: join(directory, compileCache),
      HOOKWIRE_PORT: '0',
      HOOKWIRE_DATA_DIR: dataDir,
      HOOKWIRE_LOG_LEVEL: 'warn',
    },
  });
  const deadline = setTimeout(() => gateway.kill('SIGKILL'), 60_000);
  let said = '';
  gateway.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let started = false;
  // It prints when it is ready.
  gateway.stdout.once('data', () => {
    started = true;
    gateway.kill('SIGTERM');
  });
  await once(gateway, 'close');
  clearTimeout(deadline);
  rmSync(dataDir, { recursive: true, force: true });
  if (started) return;
  rmSync(directory, { recursive: true, force: true });
  throw new Error(`What was built does not run:\n${said}`);
}

function putInPlace(root: string, build: Build): void {
  const dist = join(root, 'dist');
  const stamp = join(dist, 'built-from.json');
  const kept = new Set([basename(stamp), build.directory, readBuild(root)?.directory]);
  writeFileSync(`${stamp}.new`, `${JSON.stringify(build)}\n`);
  renameSync(`${stamp}.new`, stamp);
  for (const name of readdirSync(dist)) {
    if (!kept.has(name)) rmSync(join(dist, name), { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const current = readBuild(root);
  if (process.argv.includes('--if-needed') && current !== null && isCurrent(root, current)) {
    console.log('The program is built already.');
  } else {
    const startedAt = performance.now();
    await build(root);
    console.log(`Built the program in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  }
}
