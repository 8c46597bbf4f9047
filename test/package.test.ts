import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../scripts/build.ts';
import { makePackage } from '../scripts/make-package.ts';

const repository = join(import.meta.dirname, '..');
let place: string;
/** Lies where no `node_modules` is above it. */
let installed: string;
let running: ChildProcess | undefined;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'hookwire-package-test-'));
  const root = join(place, 'checkout');
  mkdirSync(root);
  const sources = ['src', 'bin', 'scripts', 'package.json', 'tsconfig.json'];
  for (const path of [...sources, 'README.md', 'CHANGELOG.md', 'LICENSE']) {
    cpSync(join(repository, path), join(root, path), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'web/dist/.vite'), { recursive: true });
  writeFileSync(join(root, 'web/dist/index.html'), '<title>The portal</title>');
  writeFileSync(join(root, 'web/dist/.vite/license.md'), '## react - 19.3.1 (MIT)\n');
  await build(root);
  installed = join(place, 'installed');
  makePackage(root, installed);
  rmSync(root, { recursive: true });
});
afterAll(() => {
  running?.kill('SIGKILL');
  rmSync(place, { recursive: true, force: true });
});

const read = (path: string): string => readFileSync(join(installed, path), 'utf8');

describe('the package that is published', () => {
  it('asks for what is not built in, and for nothing else', () => {
    const { dependencies, ...manifest } = JSON.parse(read('package.json'));
    const [needed = '', ...others] = Object.keys(dependencies);
    expect(others).toEqual([]);
    expect(globSync('dist/program/*.js', { cwd: installed }).map(read).join('')).toContain(
      `import("${needed}")`,
    );
    for (const key of ['private', 'optionalDependencies', 'scripts', 'workspaces']) {
      expect(manifest).not.toHaveProperty(key);
    }
  });

  it('says whose code is in it', () => {
    const notices = read('THIRD-PARTY.md');
    for (const name of ['fastify', 'kysely', 'react'])
      expect(notices).toMatch(new RegExp(`^## ${name} `, 'm'));
    expect(notices).toMatch(/Copyright \(c\)/);
  });

  it('runs without the repository and its packages', async () => {
    const { version } = JSON.parse(read('package.json'));
    const bin = join(installed, 'bin/hookwire.js');
    const { stdout } = await promisify(execFile)(process.execPath, [bin, '--version']);
    expect(stdout).toBe(`${version}\n`);

    const gateway = spawn(process.execPath, [bin, 'serve'], {
      cwd: place,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { HOOKWIRE_PORT: '0', HOOKWIRE_DATA_DIR: join(place, 'data'), HOOKWIRE_LOG_LEVEL: 'warn' },
    });
    running = gateway;
    let said = '';
    for await (const chunk of gateway.stdout) {
      said += String(chunk);
      const [, url] = /API +(\S+)\n/.exec(said) ?? [];
      if (url === undefined) continue;
      expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: true });
      const page = await fetch(url, { headers: { accept: 'text/html' } });
      expect(await page.text()).toContain('The portal');
      gateway.kill('SIGTERM');
    }
    expect(gateway.exitCode ?? (await once(gateway, 'exit'))[0]).toBe(0);
  });
});
