/**
 * Puts together in `dist/installed/` what an installation of the published package is: the package, and in `node_modules/`
 * the packages that it asks for, in the versions of `package-lock.json`. Nothing is asked of a registry, so that what was
 * tested is what runs. It needs Node.js and nothing else: it is what the container image has of ours (deploy/Dockerfile),
 * and can be copied to a server as it is.
 */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lockedPackages } from './locked-packages.ts';
import { makePackage } from './make-package.ts';

/** Of packages: what only compilers, debuggers and people read, but for licences. */
const unread = /\.(map|[cm]?tsx?)$|^(?!licen[sc]e|copying|notice).*\.md$/i;

/**
 * @param root the repository, whose program and portal are built
 * @param directory what to write; what is there goes away
 */
export function makeInstalled(root: string, directory: string): void {
  makePackage(root, directory);
  const { dependencies } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const path of lockedPackages(lock, Object.keys(dependencies))) {
    cpSync(join(root, path), join(directory, path), {
      recursive: true,
      dereference: true,
      filter: (file) => basename(file) !== 'node_modules' && !unread.test(basename(file)),
    });
  }
}

/** MB (1,000,000 bytes) of all files in a directory. */
export function megabytesOf(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const bytes = files.reduce(
    (sum, { parentPath, name }) => sum + readFileSync(join(parentPath, name)).byteLength,
    0,
  );
  return bytes / 1_000_000;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const directory = join(root, 'dist', 'installed');
  makeInstalled(root, directory);
  console.log(`Made ${directory}, ${megabytesOf(directory).toFixed(1)} MB.`);
}
