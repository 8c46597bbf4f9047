import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstPage, initialJavaScript, kilobytes, type Manifest } from '../../scripts/portal-size.ts';

const manifest: Manifest = {
  'index.html': {
    file: 'assets/index-1.js',
    isEntry: true,
    imports: ['_shared-1.js'],
    dynamicImports: ['src/pages/a.tsx', 'src/pages/b.tsx'],
  },
  '_shared-1.js': { file: 'assets/shared-1.js', imports: ['_deep-1.js'] },
  '_deep-1.js': { file: 'assets/deep-1.js', imports: ['index.html'] },
  'src/pages/a.tsx': { file: 'assets/a-1.js', imports: ['_shared-1.js', '_chart-1.js'] },
  'src/pages/b.tsx': { file: 'assets/b-1.js', imports: [] },
  '_chart-1.js': { file: 'assets/chart-1.js' },
};

describe("the check of the portal's size", () => {
  let dist: string;
  const content = (file: string): string => `${file} `.repeat(file.length * 10);
  const gzipped = (...files: string[]): number =>
    files.reduce((sum, file) => sum + gzipSync(content(file), { level: 9 }).length, 0);

  beforeAll(() => {
    dist = mkdtempSync(join(tmpdir(), 'hookwire-portal-size-'));
    mkdirSync(join(dist, '.vite'));
    mkdirSync(join(dist, 'assets'));
    writeFileSync(join(dist, '.vite', 'manifest.json'), JSON.stringify(manifest));
    const page = '<script src="/theme.js"></script><script type="module" src="/assets/index-1.js"></script>';
    writeFileSync(join(dist, 'index.html'), page);
    for (const file of ['theme.js', ...Object.values(manifest).map((chunk) => chunk.file)]) {
      writeFileSync(join(dist, file), content(file));
    }
  });
  afterAll(() => rmSync(dist, { recursive: true }));

  const initial = ['theme.js', 'assets/index-1.js', 'assets/shared-1.js', 'assets/deep-1.js'];

  it('counts the entry, what it imports at any depth, and plain scripts of the page, each once', () => {
    const { files, gzipBytes } = initialJavaScript(dist);
    expect(files.map(({ file }) => file).toSorted()).toEqual(initial.toSorted());
    expect(gzipBytes).toBe(gzipped(...initial));
  });

  it('adds what a page needs besides', () => {
    expect(firstPage(dist, 'src/pages/a.tsx').gzipBytes).toBe(
      gzipped(...initial, 'assets/a-1.js', 'assets/chart-1.js'),
    );
    expect(firstPage(dist, 'src/pages/b.tsx').gzipBytes).toBe(gzipped(...initial, 'assets/b-1.js'));
  });

  it('fails for a page that the build does not have', () => {
    expect(() => firstPage(dist, 'src/pages/gone.tsx')).toThrow('no chunk "src/pages/gone.tsx"');
  });

  it('writes sizes in thousands of bytes', () => {
    expect(kilobytes(250_049)).toBe('250.0 kB');
  });
});
