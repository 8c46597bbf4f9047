/**
 * Runs the tests that make up their inputs (property tests) with other inputs than `npm test` does, and stops at the first
 * seed that finds something.
 *
 *   npm run test:seeds -- [--seeds 10] [--from <seed>] [a path's part …]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '10' }, from: { type: 'string' } },
});
const from = Number(values.from ?? Date.now() % 2 ** 31);

const files = ['src', 'test', 'web/src']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path)))
  .filter((path) => /\.test\.tsx?$/.test(path) && positionals.every((part) => path.includes(part)))
  .filter((path) => readFileSync(path, 'utf8').includes("from 'fast-check'"));
console.log(`${files.length} files of tests with made-up inputs, ${values.seeds} seeds from ${from} on`);

for (let seed = from; seed < from + Number(values.seeds); seed++) {
  console.log(`PROPERTY_SEED=${seed}`);
  const { status } = spawnSync('npx', ['vitest', 'run', '--reporter=dot', ...files], {
    stdio: 'inherit',
    env: { ...process.env, PROPERTY_SEED: String(seed) },
  });
  if (status !== 0) process.exit(status ?? 1);
}
