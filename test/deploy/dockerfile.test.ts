import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Instruction, lastOf, listOf, pairsOf, readDockerfile } from '../../scripts/dockerfile.ts';

const root = join(import.meta.dirname, '../..');
const stages = readDockerfile(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8'));
const [build, image, ...more] = stages;
if (!build || !image || more.length > 0) throw new Error('The Dockerfile has two stages.');
const all = stages.flatMap(({ instructions }) => instructions);
const textOf = (name: string): string => lastOf(image, name)?.text ?? '';
const at = (name: string): number => image.instructions.findIndex((each) => each.name === name);
const copies = (instructions: readonly Instruction[]) => instructions.filter(({ name }) => name === 'COPY');

/** A pattern of `.dockerignore` is of a path and of all below it; `*` is of names with a dot before them too. */
function asDockerReads(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part === '**') return '(?:.*/)?';
    return `${part.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*')}/`;
  });
  return new RegExp(`^${parts.join('').replace(/\/$/, '')}(?:/|$)`);
}

describe('the Dockerfile', () => {
  it('begins each stage with a base whose version is said', () => {
    for (const { base } of stages) expect(base).toMatch(/^[a-z/]+:\d+\.\d+\.\d+(-[a-z]+)*$/);
  });

  it('copies what was built, and nothing of the checkout, into the image', () => {
    expect(copies(image.instructions).map(({ flags }) => flags.from)).toEqual([build.name]);
    expect(all.filter(({ name }) => name === 'ADD')).toEqual([]);
  });

  it('copies for the build what the build can see, and all of that', () => {
    const patterns = readFileSync(join(root, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const isSeen = (file: string) =>
      patterns.reduce((seen, pattern) => {
        const [, not, path = ''] = /^(!?)(.*)$/.exec(pattern) ?? [];
        return asDockerReads(path).test(file) ? not === '!' : seen;
      }, true);
    for (const { text, line } of copies(build.instructions)) {
      for (const path of text.split(/\s+/).slice(0, -1)) {
        const seen = globSync(`${path}{,/**}`, { cwd: root, exclude: ['**/node_modules/**'] }).filter(isSeen);
        expect(seen, `line ${line}: ${path}`).not.toEqual([]);
      }
    }
    const sent = ['.env', 'deploy/compose/.env', 'data/hookwire.db', '.git/config', 'dist/built-from.json'];
    const alsoNot = [
      'web/node_modules/x/index.js',
      'web/dist/index.html',
      'src/core/ids.test.ts',
      'docs/x.md',
    ];
    expect([...sent, ...alsoNot].filter(isSeen)).toEqual([]);
  });

  it('installs what is locked before it copies what changes more often', () => {
    const steps = build.instructions.map(({ name, text }) => `${name} ${text}`);
    const install = steps.findIndex((step) => step.startsWith('RUN npm ci '));
    expect(install).toBeGreaterThan(0);
    expect(steps.indexOf('COPY src src')).toBeGreaterThan(install);
  });

  it('runs as a user that is no root and known by number, who is told last what needs root', () => {
    expect(textOf('USER')).toMatch(/^[1-9]\d{4}:[1-9]\d{4}$/);
    expect(image.instructions.findLastIndex(({ name }) => name === 'RUN')).toBeLessThan(at('USER'));
  });

  it('starts Node.js itself, which hears the signals that stop it', () => {
    expect(listOf(textOf('ENTRYPOINT'))?.[0]).toBe('node');
    expect(listOf(textOf('CMD'))).toEqual(['serve']);
    expect(textOf('STOPSIGNAL')).toBe('SIGTERM');
  });

  it('looks after its health with Node.js, and so with nothing that has to be installed', () => {
    const words = listOf(textOf('HEALTHCHECK').replace(/^CMD\s+/, ''));
    expect(words?.slice(0, 2)).toEqual(['node', '-e']);
    expect(words?.[2]).toContain('/healthz');
  });

  it('installs nothing that the base does not have', () => {
    for (const { name, text } of image.instructions)
      if (name === 'RUN') expect(text).not.toMatch(/apt|apk|curl|wget|npm (ci|install)/);
  });

  it('keeps data in a directory that is writable although nothing else is', () => {
    const env = Object.assign(
      {},
      ...image.instructions.filter(({ name }) => name === 'ENV').map(({ text }) => pairsOf(text)),
    );
    expect(listOf(textOf('VOLUME'))).toEqual([env.HOOKWIRE_DATA_DIR]);
    expect(textOf('RUN')).toContain(`install -d -m 0700 -o 10001 -g 10001 ${env.HOOKWIRE_DATA_DIR}`);
  });

  it('holds no secret', () => {
    for (const { name, text } of all)
      if (['ENV', 'ARG', 'LABEL'].includes(name))
        expect(text).not.toMatch(/KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL/);
  });

  it('says what it is in the words of the Open Container Initiative', () => {
    const labels = pairsOf(textOf('LABEL'));
    for (const name of ['title', 'description', 'licenses', 'version', 'revision', 'source', 'base.name'])
      expect(labels).toHaveProperty([`org.opencontainers.image.${name}`]);
  });
});
