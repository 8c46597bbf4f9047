import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { root } from '../bench/harness/machine.ts';
import { smsDlr } from '../src/http/testing/webhook-bodies.ts';
import { openMovingDirectory } from './moving/directory.ts';

const head = { format: 'hookwire-configuration', version: 1 } as const;
const program = join(root, 'bin/hookwire.js');

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

/** Runs a command of the real program with this for its standard output. */
async function run(argv: readonly string[], dataDir: string, out: number): Promise<Ended> {
  const [command = '', ...args] = argv;
  const env = { PATH: process.env.PATH, HOOKWIRE_DATA_DIR: dataDir };
  const child = spawn(command, args, { env, stdio: ['ignore', out, 'pipe'] });
  if (!child.stderr) throw new Error('It has no standard error.');
  const [[code], err] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { code, err };
}

describe.runIf(existsSync('/dev/full'))('standard output on a disk that is full', () => {
  it('ends a command with 1 and one line, and leaves no trace of a stack', async () => {
    using directory = openMovingDirectory();
    const accounts = [{ id: 'acme', name: 'Acme' }];
    expect(await directory.import({ ...head, accounts })).toMatchObject({ code: 0 });
    const full = openSync('/dev/full', 'w');
    for (const argv of [['export'], ['config'], ['--help']]) {
      const { code, err } = await run([process.execPath, program, ...argv], directory.dataDir, full);
      expect([argv, code]).toEqual([argv, 1]);
      expect(err).toMatch(
        /^Standard output could not be written: ENOSPC: no space left on device, write\..*\n$/,
      );
    }
    closeSync(full);
  });

  it('that takes the beginning of an export alone is told of too', async () => {
    using directory = openMovingDirectory();
    const webhooks = Array.from({ length: 50 }, (_, i) => ({ ...smsDlr, url: `https://example.com/${i}` }));
    const accounts = Array.from({ length: 6 }, (_, i) => ({ id: `acme_${i}`, name: 'Acme', webhooks }));
    expect(await directory.import({ ...head, accounts })).toMatchObject({ code: 0 });
    const file = join(directory.dataDir, 'export.json');
    const out = openSync(file, 'w');
    // As many bytes as a file of this process may have, in blocks of 512: what lies beside the database has less.
    const limited = ['sh', '-c', `ulimit -f 128; exec "$0" "$@"`, process.execPath, program, 'export'];
    const { code, err } = await run(limited, directory.dataDir, out);
    closeSync(out);
    expect([code, err]).toEqual([
      1,
      'Standard output could not be written: EFBIG: file too large, write. What is there is not whole.\n',
    ]);
    const whole = await directory.export();
    expect(statSync(file).size).toBeLessThan(Buffer.byteLength(whole));
    expect(whole.startsWith(readFileSync(file, 'utf8'))).toBe(true);
  });
});
