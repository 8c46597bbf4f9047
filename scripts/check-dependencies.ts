/**
 * Checks the rules of `.dependency-cruiser.cjs`.
 *
 * dependency-cruiser reads TypeScript through the JavaScript API of TypeScript 6 and older, which version 7 no longer
 * has. So it is given plain JavaScript: every source is copied without its types, but with its type-only imports kept
 * as imports, since the rules hold for types too.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const typeOnly = /^(import|export) type (?=[\w$]+ from|[{*])/gm;
const typeSpecifier = /(?<=[{,]\s*)type (?=[\w$]+)/g;
const importList = /^(import|export) \{[^}]*\} from/gm;
const sourceExtension = /(?<=['"]\.{1,2}\/[^'"\n]*)\.ts(?=['"])/g;

/** The module as JavaScript that imports everything the TypeScript imports. */
export function withoutTypes(source: string): string {
  const kept = source
    .replace(typeOnly, '$1 ')
    .replace(importList, (list) => list.replace(typeSpecifier, ''))
    .replace(sourceExtension, '.js');
  return stripTypeScriptTypes(kept);
}

const root = join(import.meta.dirname, '..');

/**
 * Checks the TypeScript under `directory/src`.
 *
 * @returns what to print, and 0 or the number of broken rules
 */
export async function checkDependencies(directory: string): Promise<{ output: string; exitCode: number }> {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const copy = mkdtempSync(join(root, '.tmp', 'dependencies-'));
  try {
    const files = readdirSync(join(directory, 'src'), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const path = join(copy, 'src', file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, withoutTypes(readFileSync(join(directory, 'src', file), 'utf8')));
    }
    writeFileSync(join(copy, 'package.json'), readFileSync(join(root, 'package.json')));
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const options = await extractOptions(join(root, '.dependency-cruiser.cjs'));
    const { output, exitCode } = await cruise(['src'], {
      ...options,
      baseDir: copy,
      validate: true,
      outputType: 'err',
    });
    return { output: String(output).replaceAll(/(src\/[\w./-]+)\.js\b/g, '$1.ts'), exitCode };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { output, exitCode } = await checkDependencies(root);
  console.log(output.trim());
  process.exitCode = exitCode > 0 ? 1 : 0;
}
