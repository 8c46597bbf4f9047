#!/usr/bin/env node
// Plain JavaScript without static imports: an old Node must be able to read this file to be told that it is too old.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 26 && (major !== 24 || minor < 16)) {
  process.stderr.write(
    `Hookwire needs Node.js 26 or newer, or 24 from 24.16 on, and this is ${process.version}: install a newer one, or use \`npm ci && npm start\` in the repository, which brings its own.\n`,
  );
  process.exitCode = 4;
} else {
  Promise.all(['node:module', 'node:url', './built.js'].map((name) => import(name))).then(
    ([{ enableCompileCache }, { fileURLToPath, pathToFileURL }, { findProgram }]) => {
      const { main, compileCache } = findProgram(fileURLToPath(new URL('..', import.meta.url)));
      // Node reads its cache only in a directory that this user may write; systemd makes one for a service that asks.
      enableCompileCache(process.env.CACHE_DIRECTORY?.split(':', 1)[0] || compileCache);
      return import(pathToFileURL(main).href);
    },
  );
}
