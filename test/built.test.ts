import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Build, findProgram, sourceOf } from '../bin/built.js';

let root: string;
let sources: string;
let built: string;

/** A checkout with a build of its two files. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hookwire-built-'));
  sources = join(root, 'src/main.ts');
  built = join(root, 'dist/one/main.js');
  for (const path of ['src/core', 'dist/one']) await mkdir(join(root, path), { recursive: true });
  for (const path of ['src/main.ts', 'src/core/id.ts', 'dist/one/main.js']) {
    await writeFile(join(root, path), `// ${path}\n`);
  }
  const build: Build = {
    directory: 'one',
    sources: ['src/main.ts', 'src/core/id.ts'].map((path) => sourceOf(root, path)),
  };
  await writeFile(join(root, 'dist/built-from.json'), JSON.stringify(build));
});
afterEach(() => rm(root, { recursive: true }));

const main = (): string => findProgram(root).main;

describe('the program that is run', () => {
  it('is the build of the sources that lie there', () => {
    expect(main()).toBe(built);
  });

  it('is the build where the sources are a copy with other times', async () => {
    await utimes(join(root, 'src/core/id.ts'), 1, 1);
    expect(main()).toBe(built);
  });

  it.each([
    ['another length', '// src/core/ids.ts\n'],
    ['the same length', '// src/core/ie.ts\n'],
  ])('is the sources when one was changed to %s', async (_what, content) => {
    await writeFile(join(root, 'src/core/id.ts'), content);
    expect(main()).toBe(sources);
  });

  it('is the sources when one was changed and its time set back', async () => {
    const { mtimeMs } = sourceOf(root, 'src/core/id.ts');
    await writeFile(join(root, 'src/core/id.ts'), '// src/core/ie.ts\n');
    await utimes(join(root, 'src/core/id.ts'), mtimeMs / 1000, mtimeMs / 1000);
    expect(main()).toBe(sources);
  });

  it('is the sources when one is gone', async () => {
    await rm(join(root, 'src/core/id.ts'));
    expect(main()).toBe(sources);
  });

  it.each(['dist', 'dist/one', 'dist/built-from.json'])(
    'is the sources where there is no %s',
    async (path) => {
      await rm(join(root, path), { recursive: true });
      expect(main()).toBe(sources);
    },
  );

  it('is the sources where what is said of the build cannot be read', async () => {
    await writeFile(join(root, 'dist/built-from.json'), '{"directory":"one"');
    expect(main()).toBe(sources);
  });

  it('is the build where there are no sources, as in a published package', async () => {
    await rm(join(root, 'src'), { recursive: true });
    expect(main()).toBe(built);
  });
});
