/**
 * Prints what CHANGELOG.md says of a version, for the page of its release, and ends with 1 where the tag, package.json and
 * the changelog do not agree: `npm run -s release:notes -- v0.1.0`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param tag `v0.1.0`
 * @param version of package.json, without the `v`
 * @returns the version's part of the changelog, without its heading
 * @throws where there is nothing to release under this tag
 */
export function releaseNotes(changelog: string, version: string, tag: string): string {
  if (tag !== `v${version}`) throw new Error(`The tag is ${tag} and package.json says ${version}.`);
  const [, heading = '', notes = ''] =
    changelog
      .split(/^(?=## \[)/m)
      .map((part) => /^## (\[.*)\n([\s\S]*)$/.exec(part) ?? [])
      .find(([, title]) => title?.startsWith(`[${version}]`)) ?? [];
  if (!/ - \d{4}-\d\d-\d\d$/.test(heading)) {
    throw new Error(`CHANGELOG.md has no "## [${version}] - " with a date.`);
  }
  if (notes.trim() === '') throw new Error(`CHANGELOG.md says nothing of ${version}.`);
  return `${notes.trim()}\n`;
}

if (import.meta.main) {
  const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8');
  const { version } = JSON.parse(read('package.json'));
  try {
    process.stdout.write(releaseNotes(read('CHANGELOG.md'), version, process.argv[2] ?? ''));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
