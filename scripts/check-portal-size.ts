/**
 * Fails when the portal loads too much JavaScript before it shows its first page: to whoever is not signed in, and to
 * whoever is. Builds the portal where there is no fresh build.
 */
import { join } from 'node:path';
import { buildPortal, isBuilt } from './build-portal.ts';
import { firstPage, initialJavaScript, kilobytes, type Size } from './portal-size.ts';

const mostBytes = 250_000;
const firstPages = ['src/pages/sign-in/sign-in-page.tsx', 'src/pages/webhooks/webhooks-page.tsx'];
const dist = join(import.meta.dirname, '..', 'web', 'dist');

function filesOf({ files }: Size): string {
  return files.map(({ file, gzipBytes }) => `    ${kilobytes(gzipBytes).padStart(9)}  ${file}`).join('\n');
}

if (!isBuilt()) await buildPortal();
const sizes = [
  { what: 'Before any page', size: initialJavaScript(dist) },
  ...firstPages.map((page) => ({ what: `With ${page}`, size: firstPage(dist, page) })),
];
console.log(`JavaScript that the portal loads (gzip), ${kilobytes(mostBytes)} at most:`);
for (const { what, size } of sizes) {
  const isTooLarge = size.gzipBytes > mostBytes;
  console.log(`  ${what}: ${kilobytes(size.gzipBytes)}${isTooLarge ? ', which is too much:' : ''}`);
  if (!isTooLarge) continue;
  console.log(filesOf(size));
  process.exitCode = 1;
}
