import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../receiver/receiver.ts';
import { scriptOf } from './receiver.ts';
import { runCli } from './run.ts';
import { createRecordedIo } from './testing/recorded-io.ts';

const usual = { status: 200, delay: 0, failFirst: 0 };

/** Starts `hookwire receiver` on a free port. */
async function receive(...options: string[]) {
  const io = createRecordedIo();
  const exit = runCli(['receiver', '--port', '0', ...options], io);
  await io.printed('Listening on ');
  const url = /Listening on (\S+);/.exec(io.stderr)?.[1] ?? '';
  return {
    io,
    url,
    async end() {
      io.stop();
      return exit;
    },
  };
}

describe('hookwire receiver', () => {
  it('prints a form as names and values, and exits with 0 when asked to stop', async () => {
    const { io, url, end } = await receive();
    const { statusCode } = await request(`${url}/dlr?tenant=42`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-api-key': 's3cret' },
      body: 'msg_id=a%2Bb&text=h%C3%A9+%F0%9F%99%82',
    });
    expect(statusCode).toBe(200);
    expect(io.stdout).toMatch(/^[\d:.]{12} POST \/dlr\?tenant=42 → 200\n/);
    expect(io.stdout).toContain('  x-api-key: s3cret\n');
    expect(io.stdout).toContain('\n\n  tenant = 42\n  msg_id = a+b\n  text = hé 🙂\n');
    expect(io.stdout).not.toContain('content-length');
    expect(await end()).toBe(0);
  });

  it('prints JSON as it came, without touching long numbers', async () => {
    const { io, url, end } = await receive();
    const body = '{"id":92233720368547758079999, "name": "x"}';
    await request(`${url}/`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(io.stdout).toContain(`  ${body}\n`);
    await end();
  });

  it('lets nothing through that would steer the terminal', async () => {
    const { io, url, end } = await receive();
    await request(`${url}/`, { method: 'POST', body: 'red \u001b[31m and a bell \u0007' });
    expect(io.stdout).toContain('red \\x1b[31m and a bell \\x07');
    expect(io.stdout).not.toContain('\u001b');
    await end();
  });

  it('fails the first requests when told to', async () => {
    const { io, url, end } = await receive('--fail-first', '2', '--brief');
    const codes: number[] = [];
    for (let turn = 0; turn < 3; turn++) codes.push((await request(`${url}/x`)).statusCode);
    expect(codes).toEqual([503, 503, 200]);
    expect(io.stdout.trimEnd().split('\n')).toHaveLength(3);
    await end();
  });

  it('plays a script of answers', async () => {
    const { url, end } = await receive('--script', '429:retry-after=7,204');
    const first = await request(`${url}/x`);
    expect([first.statusCode, first.headers['retry-after']]).toEqual([429, '7']);
    expect((await request(`${url}/x`)).statusCode).toBe(204);
    await end();
  });

  it('exits with 3 when the port is taken', async () => {
    await using other = await startReceiver();
    const io = createRecordedIo();
    expect(await runCli(['receiver', '--port', new URL(other.url).port], io)).toBe(3);
    expect(io.stderr).toMatch(/Port \d+ on 127\.0\.0\.1 is in use: choose another with --port\./);
  });

  it.each([
    ['--script', '200,nonsense', 'is not an answer'],
    ['--secret', 'hunter2', 'whsec_'],
    ['--status', '99', 'from 200 to 599'],
  ])('refuses %s %s with what to write', async (option, value, hint) => {
    const io = createRecordedIo();
    expect(await runCli(['receiver', option, value], io)).toBe(2);
    expect(io.stderr).toContain(hint);
  });
});

describe('scriptOf', () => {
  it('answers 200 to everything unless told', () => {
    expect(scriptOf(usual)).toEqual([200]);
  });

  it('waits before the usual answer but not before the failures', () => {
    expect(scriptOf({ status: 201, delay: 30, failFirst: 1 })).toEqual([503, { status: 201, delayMs: 30 }]);
  });

  it('takes a script before anything else', () => {
    expect(scriptOf({ ...usual, failFirst: 9, script: ['timeout'] })).toEqual(['timeout']);
  });
});
