// Runs after `npm ci`, so that a checkout has its program and its portal. Plain JavaScript for whatever Node runs it.
// Where the tools are not installed (the portal's with `npm ci --omit=dev`), there is nothing to do.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/** @param {string} name */
function isInstalled(name) {
  return ['node_modules', join('web', 'node_modules')].some((modules) =>
    existsSync(join(root, modules, name)),
  );
}

/**
 * @param {string} what
 * @param {string} script in `scripts/`
 * @param {string} again how to do it by hand
 * @param {string} without what is so until then
 */
function build(what, script, again, without) {
  if (major < 26 && (major !== 24 || minor < 16)) {
    process.stdout.write(
      `The ${what} is not built: that needs Node.js 24.16 or 26, and this is ${process.versions.node}. ${without} Later: ${again}\n`,
    );
    return;
  }
  const file = join(root, 'scripts', script);
  const { status } = spawnSync(process.execPath, [file, '--if-needed'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.stdout.write(`The ${what} could not be built. ${without} Again: ${again}\n`);
}

if (existsSync(join(root, 'src')) && isInstalled('rolldown')) {
  build('program', 'build.ts', 'npm run build', 'It runs from src/, and starts slowly.');
}
if (
  existsSync(join(root, 'web', 'vite.config.ts')) &&
  ['vite', '@vitejs/plugin-react', 'react', '@mantine/core'].every(isInstalled)
) {
  build('portal', 'build-portal.ts', 'npm run build:portal', 'The gateway runs without it.');
}
