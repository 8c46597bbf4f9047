import { describe, expect, it } from 'vitest';
import { version } from '../core/version.ts';
import { exitCodes } from './exit-codes.ts';
import { runCli } from './run.ts';
import { createRecordedIo } from './testing/recorded-io.ts';

async function run(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const io = createRecordedIo(env);
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

describe('hookwire', () => {
  it('prints its version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('exits with 1, and one line that says why, where standard output is refused', async () => {
    const refused = new Error('ENOSPC: no space left on device, write');
    for (const argv of [['--version'], ['--help'], ['config']]) {
      const io = createRecordedIo({}, refused);
      expect(await runCli(argv, io)).toBe(1);
      expect(io.stderr).toBe(`Standard output could not be written: ${refused.message}.\n`);
    }
    const io = createRecordedIo({}, refused);
    expect(await runCli(['config', '--port', '1'], io)).toBe(2);
  });

  it('teaches in its help: commands, examples, environment and exit codes', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const text of ['serve', 'receiver', 'demo', 'config', 'keys', 'Examples:', 'HOOKWIRE_DATA_DIR']) {
      expect(stdout).toContain(text);
    }
    for (const { code: exit, means } of Object.values(exitCodes))
      expect(stdout).toContain(`${exit}  ${means}`);
  });

  it.each([['serve'], ['receiver'], ['demo'], ['config'], ['keys']])(
    'gives %s a help with an example to copy',
    async (command) => {
      const { code, stdout } = await run([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`Examples:\\n(.*\\n)*.*hookwire ${command}`));
    },
  );

  it('knows every exit code once', () => {
    const codes = Object.values(exitCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('exits with 2 for an unknown command, and suggests a known one', async () => {
    const { code, stderr, stdout } = await run(['recever']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'recever'");
    expect(stderr).toContain('Did you mean receiver?');
    expect(stdout).toBe('');
  });

  it('exits with 2 for an unknown option, which without a command is one of serve', async () => {
    const { code, stderr } = await run(['--prot', '1']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--prot'");
  });

  it.each([[['serve', '--port', '1']], [['--data-dir', '/tmp/x']]])(
    'says for %j that serve is configured by environment variables',
    async (argv) => {
      const { code, stderr } = await run(argv);
      expect(code).toBe(2);
      expect(stderr).toMatch(/configured by environment variables, .*HOOKWIRE_PORT .*HOOKWIRE_DATA_DIR/);
    },
  );

  it('exits with 2 for an option that is not what it should be, and says what it should be', async () => {
    const { code, stderr } = await run(['receiver', '--port', '99999']);
    expect(code).toBe(2);
    expect(stderr).toContain('Give a whole number from 0 to 65535.');
  });

  it('exits with 2 for a configuration with problems, and lists all of them', async () => {
    const { code, stderr } = await run(['serve'], { HOOKWIRE_PORT: 'eighty', HOOKWIRE_HOSTT: 'x' });
    expect(code).toBe(2);
    expect(stderr).toContain('HOOKWIRE_PORT must be a whole number from 0 to 65535');
    expect(stderr).toContain('HOOKWIRE_HOSTT is not a key of Hookwire; did you mean HOOKWIRE_HOST?');
  });
});

describe('hookwire config', () => {
  const env = { HOOKWIRE_PORT: '9090', HOOKWIRE_OPERATOR_KEY: 'op_0123456789abcdef' };

  it('prints each value with where it comes from, and no secret', async () => {
    const { code, stdout } = await run(['config'], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HOOKWIRE_PORT +9090 +environment$/m);
    expect(stdout).toMatch(/^HOOKWIRE_HOST +127\.0\.0\.1 +default$/m);
    expect(stdout).toMatch(/^HOOKWIRE_OPERATOR_KEY +op_0\*{8} +environment$/m);
    expect(stdout).not.toContain('56789abcdef');
  });

  it('prints JSON for programs', async () => {
    const { stdout } = await run(['config', '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject({ HOOKWIRE_PORT: { value: '9090', source: 'environment' } });
  });

  it('looks into the file of private authorities, and shows the proxy without its password', async () => {
    const { code, stdout, stderr } = await run(['config'], {
      HOOKWIRE_CA_FILE: '/nowhere/ca.pem',
      HOOKWIRE_EGRESS_PROXY: 'http://me:s3cret@proxy.example:3128',
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/HOOKWIRE_CA_FILE names .*ca\.pem, which does not exist/);
    expect(stdout).toContain('http://********@proxy.example:3128');
    expect(stdout + stderr).not.toContain('s3cret');
  });

  it('prints a configuration with problems too, and exits with 2', async () => {
    const { code, stdout, stderr } = await run(['config'], { HOOKWIRE_PORT: 'eighty' });
    expect(code).toBe(2);
    expect(stdout).toContain('eighty');
    expect(stderr.match(/HOOKWIRE_PORT must be/g)).toHaveLength(1);
  });

  it('prints the problems before the values', async () => {
    const order: string[] = [];
    const io = createRecordedIo({ HOOKWIRE_PORT: 'eighty' });
    await runCli(['config'], {
      ...io,
      out: () => void order.push('values'),
      err: () => void order.push('problems'),
    });
    expect(order.slice(0, 2)).toEqual(['problems', 'values']);
  });
});
