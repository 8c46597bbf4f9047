/**
 * Writes the reference pages from the tables that the program itself reads, and what arrives from the table that a test
 * tries, so that they cannot say anything else.
 * With `--check` it writes nothing and fails when a page differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cliPage } from './pages/cli.ts';
import { configurationPage } from './pages/configuration.ts';
import { configurationFileSchema } from './pages/configuration-file-schema.ts';
import { errorsPage } from './pages/errors.ts';
import { metricsPage } from './pages/metrics.ts';
import { openApiDocument } from './pages/openapi.ts';
import { whatArrivesPage } from './pages/what-arrives.ts';
import { whatIsKeptPage } from './pages/what-is-kept.ts';

const root = join(import.meta.dirname, '..');

/** Every generated page by its path in the repository. */
export async function generatePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/reference/configuration.md', configurationPage()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/cli.md', cliPage()],
    ['docs/reference/metrics.md', metricsPage()],
    ['docs/reference/configuration-file.schema.json', configurationFileSchema()],
    ['docs/reference/openapi.json', await openApiDocument()],
    ['docs/reference/what-is-kept.md', whatIsKeptPage()],
    ['docs/guides/what-arrives.md', whatArrivesPage()],
  ]);
}

/** Where two texts part, in words; `null` when they are the same. */
export function firstDifference(actual: string, expected: string): string | null {
  if (actual === expected) return null;
  const actualLines = actual.split('\n');
  const expectedLines = expected.split('\n');
  const at = expectedLines.findIndex((line, index) => line !== actualLines[index]);
  const line = at === -1 ? expectedLines.length : at;
  return `line ${line + 1}\n    is        ${actualLines[line] ?? '(end)'}\n    should be ${expectedLines[line] ?? '(end)'}`;
}

async function main(checkOnly: boolean): Promise<void> {
  let drifted = 0;
  for (const [path, text] of await generatePages()) {
    const file = join(root, path);
    const difference = firstDifference(existsSync(file) ? readFileSync(file, 'utf8') : '', text);
    if (difference === null) continue;
    drifted++;
    if (checkOnly) {
      console.error(`${path} is out of date: ${difference}`);
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`wrote ${path}`);
    }
  }
  if (checkOnly && drifted > 0) {
    console.error('Run `npm run docs` and commit what it writes.');
    process.exitCode = 1;
  } else if (drifted === 0) {
    console.log('The reference pages are up to date.');
  }
}

if (import.meta.main) await main(process.argv.includes('--check'));
