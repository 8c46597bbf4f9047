import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { runCli } from '../../bench/harness/cli-process.ts';
import { root } from '../../bench/harness/machine.ts';
import { openMovingDirectory } from './directory.ts';

const head = { format: 'hookwire-configuration', version: 1 } as const;
const endsAtCall = pathToFileURL(join(root, 'test/backup/end-at-call.ts')).href;

it.each([
  ['none or the new one', [], null],
  ['the old one or the new one', ['--force'], 'what was there'],
] as const)('an export that is killed at any step leaves a whole file: %s', async (_which, options, old) => {
  using directory = openMovingDirectory();
  const { dataDir } = directory;
  await directory.import({ ...head, accounts: [{ id: 'acme', name: 'Acme' }] });
  const whole = await directory.export();
  const file = join(dataDir, 'exported.json');

  /** @returns what stands in the file, and whether it came to that call */
  async function killAt(call: number): Promise<{ text: string | null; isKilled: boolean }> {
    for (const name of readdirSync(dataDir).filter((each) => each.startsWith('exported')))
      rmSync(join(dataDir, name));
    if (old !== null) writeFileSync(file, old);
    const { code, stderr } = await runCli(['export', file, ...options], {
      ...{ HOOKWIRE_DATA_DIR: dataDir, HOOKWIRE_TEST_ENDS_AT: String(call) },
      NODE_OPTIONS: `--import=${endsAtCall}`,
    });
    expect([0, null], stderr).toContain(code);
    return { text: existsSync(file) ? readFileSync(file, 'utf8') : null, isKilled: code === null };
  }

  const left: (string | null)[] = [];
  for (let [call, goesOn] = [1, true]; goesOn; call++) {
    const { text, isKilled } = await killAt(call);
    left.push(text);
    goesOn = isKilled;
  }
  expect(left.length).toBeGreaterThan(3);
  expect(new Set(left)).toEqual(new Set([old, whole]));
});
