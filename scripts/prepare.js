// Runs after `npm ci`, so that a checkout has its portal. Plain JavaScript for whatever Node runs it.
// Where the portal's tools are not installed (`npm ci --omit=dev`), there is nothing to do.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [major] = process.versions.node.split('.').map(Number);

function isInstalled(name) {
  return ['node_modules', join('web', 'node_modules')].some((modules) =>
    existsSync(join(root, modules, name)),
  );
}

const canBuild =
  existsSync(join(root, 'web', 'vite.config.ts')) &&
  ['vite', '@vitejs/plugin-react', 'react', '@mantine/core'].every(isInstalled);
if (canBuild && major < 24) {
  process.stdout.write(
    `The portal is not built: that needs Node.js 24, and this is ${process.versions.node}. Later: npm run build:portal\n`,
  );
} else if (canBuild) {
  const script = join(root, 'scripts', 'build-portal.ts');
  const { status } = spawnSync(process.execPath, [script, '--if-needed'], { cwd: root, stdio: 'inherit' });
  // The gateway runs without it, and says in the browser what is missing.
  if (status !== 0) process.stdout.write('The portal could not be built. Again: npm run build:portal\n');
}
