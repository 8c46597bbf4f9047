#!/usr/bin/env node
// Plain JavaScript without static imports: an old Node must be able to read this file to be told that it is too old.
const oldest = 24;

if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(
    `Hookwire needs Node.js ${oldest} or newer and this is ${process.version}: install a newer one, or use \`npm ci && npm start\` in the repository, which brings its own.\n`,
  );
  process.exitCode = 4;
} else {
  // A checkout runs from its sources; the published package has only the built program.
  import('node:fs').then(({ existsSync }) => {
    const sources = new URL('../src/main.ts', import.meta.url);
    return import(existsSync(sources) ? sources.href : new URL('../dist/main.js', import.meta.url).href);
  });
}
