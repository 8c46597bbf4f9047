import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { migrations } from '../../../src/stores/postgres/migrations/index.ts';
import { temporaryDirectory } from '../children.ts';
import { root } from '../machine.ts';

/** A program that a gateway is started from. */
export interface Version {
  /** For people. */
  readonly name: string;
  /** What Node runs. */
  readonly main: string;
}

/**
 * The version before: a directory with `bin/hookwire.js` (a checkout with its packages, or an unpacked release), or a ref of git,
 * which is taken out into a temporary directory and built there with this checkout's packages.
 *
 * @throws where the ref has other packages than this checkout has installed
 */
export function versionBefore(from: string): Version {
  const given = resolve(from);
  if (existsSync(join(given, 'bin/hookwire.js')))
    return { name: versionIn(given), main: join(given, 'bin/hookwire.js') };
  const git = (...args: string[]): Buffer =>
    execFileSync('git', args, { cwd: root, maxBuffer: 512 * 1024 * 1024 });
  const commit = git('rev-parse', '--short', `${from}^{commit}`).toString().trim();
  if (!git('show', `${commit}:package-lock.json`).equals(readFileSync(join(root, 'package-lock.json')))) {
    throw new Error(
      `${from} has other packages than this checkout: check it out into a directory of its own, install and build it there, and give that directory.`,
    );
  }
  const directory = temporaryDirectory('before');
  execFileSync('tar', ['-x', '-C', directory], { input: git('archive', commit) });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  execFileSync(process.execPath, ['scripts/build.ts'], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { name: `${versionIn(directory)} (${commit})`, main: join(directory, 'bin/hookwire.js') };
}

/** What this checkout is. */
export function thisVersion(): Version {
  return { name: `${versionIn(root)} (this checkout)`, main: join(root, 'src/main.ts') };
}

/**
 * This checkout with one step of the schema more, for as long as no version has one: a column and its default for every table of the
 * traffic, which locks each of them, and an index of what waits.
 */
export function versionWithStep(): Version {
  const directory = temporaryDirectory('after');
  for (const part of ['src', 'package.json', 'web/dist'])
    if (existsSync(join(root, part)))
      cpSync(join(root, part), join(directory, part), { recursive: true, dereference: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  const folder = join(directory, 'src/stores/postgres/migrations');
  mkdirSync(folder, { recursive: true });
  const number = migrations.length + 1;
  const tables = ['accounts', 'webhooks', 'events', 'waiting', 'deliveries', 'attempts', 'processes'];
  const sql = [
    ...tables.map((table) => `alter table ${table} add column of_benchmark integer not null default 7;`),
    'create index waiting_of_benchmark on waiting (account, seq);',
  ].join('\n');
  writeFileSync(
    join(folder, 'of-benchmark.ts'),
    `export const ofBenchmark = { number: ${number}, name: 'of_benchmark', sql: ${JSON.stringify(sql)} };\n`,
  );
  const index = join(folder, 'index.ts');
  const text = readFileSync(index, 'utf8').replace(/\n\];/, '\n  ofBenchmark,\n];');
  writeFileSync(index, `import { ofBenchmark } from './of-benchmark.ts';\n${text}`);
  return { name: `this checkout with step ${number} of the schema`, main: join(directory, 'src/main.ts') };
}

function versionIn(directory: string): string {
  const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
