import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nodeProblem } from './node-version.ts';

const entry = fileURLToPath(new URL('../../bin/hookwire.js', import.meta.url));

/** Runs the program's entry, optionally in a Node that claims to be another one. */
function runEntry(args: readonly string[], claimedVersion?: string) {
  const claim = `Object.defineProperty(process,"versions",{value:{node:"${claimedVersion}"}});Object.defineProperty(process,"version",{value:"v${claimedVersion}"})`;
  const preload = claimedVersion ? ['--import', `data:text/javascript,${encodeURIComponent(claim)}`] : [];
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [...preload, entry, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

describe('nodeProblem', () => {
  it.each(['v24.16.0', 'v24.22.3', 'v26.0.0', 'v26.10.0', '100.1.1'])('takes %s', (version) => {
    expect(nodeProblem(version, true)).toBeNull();
  });

  it.each(['v25.9.0', 'v24.15.0', 'v23.20.0', 'v20.20.2', 'v8.0.0'])(
    'refuses %s in one sentence that says what to do',
    (version) => {
      const problem = nodeProblem(version, true) ?? '';
      expect(problem).toContain(version);
      expect(problem).toMatch(/^[^\n]*: install a newer one, or use `npm ci && npm start`[^\n]*\.$/);
    },
  );

  it('refuses a Node without SQLite', () => {
    expect(nodeProblem('v26.0.0', false)).toContain('node:sqlite');
  });
});

describe('bin/hookwire.js', () => {
  it('runs the program and passes its exit code on', async () => {
    const [help, wrong] = await Promise.all([runEntry(['--help']), runEntry(['nonsense'])]);
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: hookwire'), stderr: '' });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
  });

  it.each(['20.11.0', '24.15.0', '25.9.0'])(
    'tells a Node %s that is not taken the same sentence as the program itself',
    async (version) => {
      const { code, stderr } = await runEntry(['--help'], version);
      expect(code).toBe(4);
      expect(stderr).toBe(`${nodeProblem(`v${version}`, true)}\n`);
    },
  );
});
