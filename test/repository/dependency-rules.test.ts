import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDependencies, withoutTypes } from '../../scripts/check-dependencies.ts';

const made: string[] = [];
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true });
});

/** Checks a program made of these files. */
async function check(files: { readonly [path: string]: string }) {
  const directory = mkdtempSync(join(tmpdir(), 'hookwire-rules-'));
  made.push(directory);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return checkDependencies(directory);
}

const importing = (path: string) => `import { x } from '${path}';\nexport const y = x;\n`;
const typeImporting = (path: string) => `import type { X } from '${path}';\nexport type Y = X;\n`;
const anything = 'export const x = 1;\nexport type X = number;\n';

describe('the dependency rule', () => {
  it.each([
    ['core-stands-alone', 'src/core/a.ts', '../telemetry/b.ts', 'src/telemetry/b.ts'],
    ['core-stands-alone', 'src/core/a.ts', '../config/b.ts', 'src/config/b.ts'],
    ['shared-runs-in-browsers', 'src/shared/a.ts', '../core/b.ts', 'src/core/b.ts'],
    ['foundations-know-core-only', 'src/config/a.ts', '../delivery/b.ts', 'src/delivery/b.ts'],
    ['stages-know-ports-only', 'src/routing/a.ts', '../stores/sqlite/b.ts', 'src/stores/sqlite/b.ts'],
    ['stages-know-ports-only', 'src/intake/a.ts', '../http/b.ts', 'src/http/b.ts'],
    ['stages-know-ports-only', 'src/portal/a.ts', '../stores/sqlite/b.ts', 'src/stores/sqlite/b.ts'],
    ['stores-know-no-surface', 'src/stores/sqlite/a.ts', '../../http/b.ts', 'src/http/b.ts'],
    ['one-composition-root', 'src/http/a.ts', '../stores/sqlite/b.ts', 'src/stores/sqlite/b.ts'],
    [
      'routes-meet-in-app',
      'src/http/resources/a/routes.ts',
      '../b/c/routes.ts',
      'src/http/resources/b/c/routes.ts',
    ],
    ['calls-know-no-resource', 'src/http/answers/a.ts', '../resources/b/c.ts', 'src/http/resources/b/c.ts'],
    ['history-only-answers', 'src/history/a.ts', '../recover/b.ts', 'src/recover/b.ts'],
    ['stages-know-ports-only', 'src/recover/a.ts', '../wiring/b.ts', 'src/wiring/b.ts'],
    ['http-knows-stages-and-ports', 'src/http/a.ts', '../wiring/b.ts', 'src/wiring/b.ts'],
    ['command-line-is-on-top', 'src/gateway.ts', './cli/b.ts', 'src/cli/b.ts'],
    ['testing-is-for-tests', 'src/delivery/a.ts', '../testing/b.ts', 'src/testing/b.ts'],
  ])('%s: %s may not import %s, nor its types', async (rule, from, specifier, to) => {
    for (const source of [importing(specifier), typeImporting(specifier)]) {
      const { output, exitCode } = await check({ [from]: source, [to]: anything });
      expect(output).toContain(rule);
      expect(output).toContain(to);
      expect(exitCode).toBeGreaterThan(0);
    }
  });

  it('finds a cycle that only types make', async () => {
    const { output } = await check({
      'src/core/a.ts': typeImporting('./b.ts'),
      'src/core/b.ts': "import { type Y } from './a.ts';\nexport type X = Y;\n",
    });
    expect(output).toContain('no-cycles');
  });

  it('keeps npm packages out of core', async () => {
    const { output } = await check({ 'src/core/a.ts': importing('undici') });
    expect(output).toContain('core-stands-alone');
  });

  it.each(['undici', 'node:crypto'])('keeps %s out of what runs in browsers too', async (name) => {
    const { output } = await check({ 'src/shared/a.ts': importing(name) });
    expect(output).toContain('shared-runs-in-browsers');
  });

  it('lets stages use ports, the composition root use stores, and tests use test tools', async () => {
    const { exitCode, output } = await check({
      'src/core/c.ts': "import { createHash } from 'node:crypto';\nexport const x = createHash;\n",
      'src/core/f.ts': importing('../shared/g.ts'),
      'src/shared/g.ts': anything,
      'src/intake/a.ts': typeImporting('../stores/ports/b.ts'),
      'src/stores/ports/b.ts': anything,
      'src/stores/sqlite/d.ts': anything,
      'src/wiring/f.ts': importing('../stores/sqlite/d.ts'),
      'src/gateway.ts': importing('./wiring/f.ts'),
      'src/intake/a.test.ts': importing('../testing/e.ts'),
      'src/testing/e.ts': anything,
    });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  });
});

describe('withoutTypes', () => {
  it('keeps every import, with what it names, and drops the rest of the types', () => {
    const source = `import type { A } from './a.ts';
import { b, type B } from "./b.ts";
export type { C } from '../c.ts';
export type D = A | B;
export const d: number = b;
`;
    const written = withoutTypes(source);
    expect(written).toContain("import { A } from './a.js'");
    expect(written).toContain('import { b, B } from "./b.js"');
    expect(written).toContain("export { C } from '../c.js'");
    expect(written).not.toMatch(/number|type D/);
  });
});
