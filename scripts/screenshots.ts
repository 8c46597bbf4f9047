/**
 * Takes pictures of every screen of the portal, light, dark and on a phone, into `.tmp/screenshots`: the test that goes
 * through all of them with axe also saves what it sees.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const directory = join(root, '.tmp', 'screenshots');
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/portal/screens.test.ts'], {
  cwd: root,
  env: { ...process.env, HOOKWIRE_SCREENSHOTS: directory },
  stdio: 'inherit',
});
console.log(`The pictures are in ${directory}.`);
process.exitCode = status ?? 1;
