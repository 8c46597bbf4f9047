/** Says whose code a build contains, with the licences that ask for it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface ThirdParty {
  readonly title: string;
  readonly text: string;
}

const licenceFile = /^(licen[sc]e|copying|notice)/i;

/**
 * @param files the modules of a build, as absolute paths
 * @returns Markdown: each package that a module is of, with its licence
 */
export function thirdPartyNotices(files: readonly string[]): string {
  const directories = new Set(files.flatMap((file) => packageOf(file) ?? []));
  const packages = new Map([...directories].map(describe).map((each) => [each.title, each.text]));
  return [...packages]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([title, text]) => `## ${title}\n\n${text}\n`)
    .join('\n');
}

/** The directory of the package that a file is of: `node_modules/@scope/name`; `null` for files of our own. */
function packageOf(file: string): string | null {
  const parts = file.split(/[\\/]/);
  const at = parts.lastIndexOf('node_modules');
  if (at === -1) return null;
  return parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join('/');
}

function describe(directory: string): ThirdParty {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const texts = readdirSync(directory)
    .filter((file) => licenceFile.test(file) && existsSync(join(directory, file)))
    .map((file) => readFileSync(join(directory, file), 'utf8').trim());
  return {
    title: `${name} ${version} (${license})`,
    text: texts.length === 0 ? 'Its package has no licence file.' : texts.map(quoted).join('\n\n'),
  };
}

/** As it was written, whatever is in it. */
function quoted(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');
}
