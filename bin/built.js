// Finds the program. Plain JavaScript without dependencies, since it runs before everything else, and in the build.
import { hash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where Node keeps compiled code, beside a build. */
export const compileCache = '.compile-cache';

/**
 * @typedef {object} Source A file that a build is made from, as it was then.
 * @property {string} path from the root of the repository
 * @property {number} size
 * @property {number} mtimeMs
 * @property {number} ctimeMs
 * @property {string} sha256
 *
 * @typedef {object} Build What `dist/built-from.json` says.
 * @property {string} directory where it lies, in `dist/`
 * @property {readonly Source[]} sources
 */

/**
 * @param {string} root
 * @param {string} path
 * @returns {Source}
 */
export function sourceOf(root, path) {
  const { size, mtimeMs, ctimeMs } = statSync(join(root, path));
  return { path, size, mtimeMs, ctimeMs, sha256: hash('sha256', readFileSync(join(root, path)), 'hex') };
}

/**
 * Whether a file is what it was. Its times are enough where they are the same, which costs 5 ms for all of them; else
 * its content decides (20 ms), so that a copy of a checkout need not be built again. A program can set `mtime`, not
 * `ctime`.
 *
 * @param {string} root
 * @param {Source} was
 */
function isSame(root, was) {
  try {
    const { size, mtimeMs, ctimeMs } = statSync(join(root, was.path));
    if (size !== was.size) return false;
    return (
      (mtimeMs === was.mtimeMs && ctimeMs === was.ctimeMs) || sourceOf(root, was.path).sha256 === was.sha256
    );
  } catch {
    return false;
  }
}

/**
 * @param {string} root
 * @returns {Build | null} `null`: there is none
 */
export function readBuild(root) {
  try {
    const build = JSON.parse(readFileSync(join(root, 'dist', 'built-from.json'), 'utf8'));
    return existsSync(join(root, 'dist', build.directory, 'main.js')) ? build : null;
  } catch {
    return null;
  }
}

/**
 * Whether the build is of what is in `src/` now. A published package has no `src/`.
 *
 * @param {string} root
 * @param {Build} build
 */
export function isCurrent(root, build) {
  return !existsSync(join(root, 'src')) || build.sources.every((source) => isSame(root, source));
}

/**
 * What to run: the build in `dist/` where it is current, else the sources, and where compiled code is kept.
 *
 * @param {string} root
 * @returns {{ main: string, compileCache: string }}
 */
export function findProgram(root) {
  const build = readBuild(root);
  if (build === null || !isCurrent(root, build)) {
    return { main: join(root, 'src', 'main.ts'), compileCache: join(root, '.tmp', compileCache) };
  }
  const directory = join(root, 'dist', build.directory);
  return { main: join(directory, 'main.js'), compileCache: join(directory, compileCache) };
}
