import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDependencies, importsOf } from '../../scripts/check-dependencies.ts';

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
    ['stages-know-ports-only', 'src/people/a.ts', '../stores/sqlite/b.ts', 'src/stores/sqlite/b.ts'],
    ['stores-know-no-surface', 'src/stores/sqlite/a.ts', '../../http/b.ts', 'src/http/b.ts'],
    ['sqlite-knows-no-postgres', 'src/stores/sqlite/a.ts', '../postgres/b.ts', 'src/stores/postgres/b.ts'],
    ['postgres-knows-no-sqlite', 'src/stores/postgres/a.ts', '../sqlite/b.ts', 'src/stores/sqlite/b.ts'],
    ['what-stores-share-knows-none', 'src/stores/sql/a.ts', '../sqlite/b.ts', 'src/stores/sqlite/b.ts'],
    ['what-stores-share-knows-none', 'src/stores/log/a.ts', '../postgres/b.ts', 'src/stores/postgres/b.ts'],
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
    ['routes-ask-within-reach', 'src/http/resources/a/b.ts', '../../services.ts', 'src/http/services.ts'],
    ['command-line-is-on-top', 'src/gateway.ts', './cli/b.ts', 'src/cli/b.ts'],
    ['testing-is-for-tests', 'src/delivery/a.ts', '../testing/b.ts', 'src/testing/b.ts'],
    ['testing-is-for-tests', 'web/src/ui/a.tsx', '../testing/b.tsx', 'web/src/testing/b.tsx'],
    ['gateway-knows-no-portal', 'src/http/a.ts', '../../web/src/api/b.ts', 'web/src/api/b.ts'],
    ['portal-knows-shared-only', 'web/src/ui/a.tsx', '../../../src/core/b.ts', 'src/core/b.ts'],
    ['portal-api-stands-alone', 'web/src/api/a.ts', '../ui/b.tsx', 'web/src/ui/b.tsx'],
    ['portal-ui-is-told', 'web/src/ui/a.tsx', '../session/b.ts', 'web/src/session/b.ts'],
    ['portal-session-knows-no-page', 'web/src/session/a.ts', '../router.tsx', 'web/src/router.tsx'],
    ['portal-frame-knows-no-page', 'web/src/layout/a.tsx', '../pages/b/b.tsx', 'web/src/pages/b/b.tsx'],
    ['portal-pages-stand-alone', 'web/src/pages/a/a.tsx', '../b/b.tsx', 'web/src/pages/b/b.tsx'],
    ['portal-pages-stand-alone', 'web/src/pages/a/a.tsx', '../../layout/b.tsx', 'web/src/layout/b.tsx'],
    ['portal-map-opens-pages', 'web/src/main.tsx', './pages/b/b.tsx', 'web/src/pages/b/b.tsx'],
    ['portal-pages-load-late', 'web/src/router.tsx', './pages/b/b.tsx', 'web/src/pages/b/b.tsx'],
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

  it('finds a cycle of components, also one through a page that is loaded later', async () => {
    const { output } = await check({
      'web/src/router.tsx': "export const load = () => import('./pages/a/a.tsx');\n",
      'web/src/pages/a/a.tsx': "import './b.tsx';\nexport const A = () => <p>A</p>;\n",
      'web/src/pages/a/b.tsx':
        "import type { load } from '../../router.tsx';\nexport type B = typeof load;\n",
    });
    expect(output).toContain('no-cycles');
    expect(output).toContain('web/src/pages/a/b.tsx');
  });

  it('keeps what Node has out of the portal', async () => {
    const { output } = await check({ 'web/src/api/a.ts': importing('node:crypto') });
    expect(output).toContain('portal-runs-in-browsers');
  });

  it.each(['undici', 'node:crypto'])('keeps %s out of what runs in browsers too', async (name) => {
    const { output } = await check({ 'src/shared/a.ts': importing(name) });
    expect(output).toContain('shared-runs-in-browsers');
  });

  it('lets the portal use what it shares, its map load pages, and its tests compare it with the gateway', async () => {
    const page =
      "import { x } from '../../ui/b.tsx';\nimport './a.css';\nexport const A = () => <p>{x}</p>;\n";
    const { exitCode, output } = await check({
      'web/src/router.tsx': "export const load = () => import('./pages/a/a.tsx');\n",
      'web/src/pages/a/a.tsx': page,
      'web/src/pages/a/a.css': '',
      'web/src/pages/a/a.test.tsx': "import '../../../../src/core/c.ts';\nimport '../../testing/d.tsx';\n",
      'web/src/ui/b.tsx': importing('#shared/e.ts'),
      'web/src/testing/d.tsx': anything,
      'src/core/c.ts': anything,
      'src/shared/e.ts': anything,
    });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
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

describe('importsOf', () => {
  it('finds whatever names a module, types and what is loaded later included', () => {
    const source = `import type { A } from './a.ts';
import { b, type B } from "./b.ts";
import './c.css';
export type { C } from '../c.ts';
export * from './d.ts';
type E = typeof import('./e.ts');
export const load = <T,>(from: T) => import('./f.tsx').then(() => <p>{from as string} import './g.ts';</p>);
`;
    expect(importsOf('x.tsx', source)).toEqual([
      ...['./a.ts', './b.ts', './c.css', '../c.ts', './d.ts', './e.ts'].map((from) => ({
        from,
        later: false,
      })),
      { from: './f.tsx', later: true },
    ]);
  });

  it('refuses what it cannot read', () => {
    expect(() => importsOf('x.ts', 'import { from')).toThrow(/x\.ts/);
  });
});
