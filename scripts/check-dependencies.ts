/**
 * Checks the rules of `.dependency-cruiser.cjs` for the gateway and the portal.
 *
 * dependency-cruiser reads TypeScript through the JavaScript API of TypeScript 6 and older, which version 7 no longer
 * has. So it is given JavaScript: for every source one that imports the same and does nothing else. Imports of types
 * are among them, since the rules hold for types too.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { parseSync, Visitor } from 'rolldown/utils';

const root = join(import.meta.dirname, '..');

/** The sources of the gateway and of the portal. */
const parts = ['src', 'web/src'];

/** As which the portal knows `src/shared/` (web/tsconfig.json). */
const sharedAlias = '#shared/';

export interface Import {
  /** As it is written: `../core/clock.ts`. */
  readonly from: string;
  /** Loaded when the program comes to it: `import('./page.tsx')`. */
  readonly later: boolean;
}

/**
 * Everything that a module imports, or exports from elsewhere, types included.
 *
 * @param file its name; says whether it may have JSX
 * @throws when it cannot be read
 */
export function importsOf(file: string, source: string): Import[] {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const found: Import[] = [];
  const note = (source: { readonly value?: unknown } | null, later = false) => {
    if (typeof source?.value === 'string') found.push({ from: source.value, later });
  };
  new Visitor({
    ImportDeclaration: (node) => note(node.source),
    ExportAllDeclaration: (node) => note(node.source),
    ExportNamedDeclaration: (node) => note(node.source),
    ImportExpression: (node) => note(node.source as { readonly value?: unknown }, true),
    TSImportType: (node) => note(node.source),
  }).visit(program);
  return found;
}

/** What a source is called in the copy, and the other way round. */
const inCopy = (path: string) => path.replace(/\.ts(x?)$/, '.js$1');
const inSources = (output: string) => output.replaceAll(/(src\/[\w./-]+)\.js(x?)\b/g, '$1.ts$2');

/** @param file of the module, from the root with slashes */
function withImportsOnly(file: string, source: string): string {
  // Data knows nobody.
  const modules = importsOf(file, source).filter(({ from }) => !from.endsWith('.json'));
  const lines = modules.map(({ from, later }) => {
    const path = JSON.stringify(inCopy(resolveShared(file, from)));
    return later ? `import(${path});\n` : `import ${path};\n`;
  });
  return lines.join('');
}

function resolveShared(file: string, specifier: string): string {
  if (!file.startsWith('web/') || !specifier.startsWith(sharedAlias)) return specifier;
  return `${relative(dirname(file), 'src/shared').replaceAll(sep, '/')}/${specifier.slice(sharedAlias.length)}`;
}

/**
 * Checks the sources under `directory`, in `src/` and `web/src/`.
 *
 * @returns what to print, and 0 or the number of broken rules
 */
export async function checkDependencies(directory: string): Promise<{ output: string; exitCode: number }> {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const copy = mkdtempSync(join(root, '.tmp', 'dependencies-'));
  try {
    const there = parts.filter((part) => existsSync(join(directory, part)));
    for (const part of there) copyPart(directory, part, copy);
    writeFileSync(join(copy, 'package.json'), readFileSync(join(root, 'package.json')));
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const options = await extractOptions(join(root, '.dependency-cruiser.cjs'));
    const { output, exitCode } = await cruise(there, {
      ...options,
      baseDir: copy,
      validate: true,
      outputType: 'err',
    });
    return { output: inSources(String(output)), exitCode };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copyPart(directory: string, part: string, copy: string): void {
  const files = readdirSync(join(directory, part), { recursive: true, encoding: 'utf8' });
  for (const name of files) {
    const file = `${part}/${name.replaceAll(sep, '/')}`;
    if (/\.tsx?$/.test(file)) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      const source = readFileSync(join(directory, file), 'utf8');
      writeFileSync(join(copy, inCopy(file)), withImportsOnly(file, source));
    } else if (file.endsWith('.css')) {
      cpSync(join(directory, file), join(copy, file));
    }
  }
}

if (import.meta.main) {
  const { output, exitCode } = await checkDependencies(root);
  console.log(output.trim());
  process.exitCode = exitCode > 0 ? 1 : 0;
}
