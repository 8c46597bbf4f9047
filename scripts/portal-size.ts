import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** An entry of Vite's manifest, as far as sizes need it. */
export interface ManifestChunk {
  readonly file: string;
  readonly isEntry?: boolean;
  /** Keys of chunks that are loaded with it. */
  readonly imports?: readonly string[];
  /** Keys of chunks that it loads when they are needed. */
  readonly dynamicImports?: readonly string[];
}
export type Manifest = Readonly<Record<string, ManifestChunk>>;

export interface Size {
  /** Every file with its size, the largest first. */
  readonly files: readonly { readonly file: string; readonly gzipBytes: number }[];
  readonly gzipBytes: number;
}

/** The chunks that come with the given ones: themselves and what they import, not what they load later. */
export function chunksOf(manifest: Manifest, keys: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...keys];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (found.has(key)) continue;
    const chunk = manifest[key];
    if (!chunk) throw new Error(`The manifest has no chunk "${key}".`);
    found.add(key);
    open.push(...(chunk.imports ?? []));
  }
  return found;
}

/** The plain scripts that the index page names besides the entry. */
function plainScripts(indexPage: string): string[] {
  const sources = [...indexPage.matchAll(/<script\b[^>]*\bsrc="\/([^"]+)"/g)].map(
    ([, source]) => source ?? '',
  );
  return sources.filter((source) => !source.startsWith('assets/'));
}

/**
 * The JavaScript that a browser loads before the portal knows which page to show: the entry, what it imports, and the
 * plain scripts of the index page.
 *
 * @param dist the directory of the build
 */
export function initialJavaScript(dist: string): Size {
  const { manifest, entries } = readBuild(dist);
  const chunks = [...chunksOf(manifest, entries)].map((key) => manifest[key]?.file ?? '');
  return sizeOf(dist, [...chunks, ...plainScripts(readFileSync(join(dist, 'index.html'), 'utf8'))]);
}

/**
 * The initial JavaScript and what the page of this source needs besides.
 *
 * @param source the page's key in the manifest, `src/pages/sign-in/sign-in-page.tsx`
 * @throws when the build has no such page
 */
export function firstPage(dist: string, source: string): Size {
  const { manifest, entries } = readBuild(dist);
  const initial = initialJavaScript(dist).files.map(({ file }) => file);
  const page = [...chunksOf(manifest, [...entries, source])].map((key) => manifest[key]?.file ?? '');
  return sizeOf(dist, [...initial, ...page]);
}

function readBuild(dist: string): { manifest: Manifest; entries: readonly string[] } {
  const manifest: Manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry);
  if (entries.length === 0) throw new Error("Vite's manifest names no entry.");
  return { manifest, entries };
}

function sizeOf(dist: string, names: readonly string[]): Size {
  const files = [...new Set(names)]
    .filter((file) => file.endsWith('.js'))
    .map((file) => ({ file, gzipBytes: gzipSync(readFileSync(join(dist, file)), { level: 9 }).length }))
    .toSorted((a, b) => b.gzipBytes - a.gzipBytes);
  return { files, gzipBytes: files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) };
}

/** `231.4 kB`, of 1,000 bytes each. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
