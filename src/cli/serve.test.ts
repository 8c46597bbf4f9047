import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { isPortalBuilt } from '../http/portal/directory.ts';
import { startReceiver } from '../receiver/receiver.ts';
import { runCli } from './run.ts';
import { startMessage } from './serve.ts';
import { createRecordedIo } from './testing/recorded-io.ts';

let dataDir: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hookwire-cli-'));
  env = { HOOKWIRE_DATA_DIR: dataDir, HOOKWIRE_PORT: '0', HOOKWIRE_LOG_LEVEL: 'silent' };
});
afterEach(() => rm(dataDir, { recursive: true }));

/** Runs one command to its end. */
async function run(argv: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const io = createRecordedIo({ ...env, ...more });
  return { code: await runCli(argv, io), stdout: io.stdout, stderr: io.stderr };
}

/** Starts `hookwire serve` and waits until it is ready. */
async function serve(more: NodeJS.ProcessEnv = {}) {
  const io = createRecordedIo({ ...env, ...more });
  const exit = runCli([], io);
  await Promise.race([io.printed('is ready.'), exit]);
  return {
    io,
    url: /API +(\S+)/.exec(io.stdout)?.[1] ?? '',
    key: /Operator key +(\S+)/.exec(io.stdout)?.[1] ?? null,
    end() {
      io.stop();
      return exit;
    },
  };
}

async function statusWith(url: string, key: string): Promise<number> {
  const { statusCode, body } = await request(`${url}/v1/accounts`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await body.dump();
  return statusCode;
}

describe('hookwire serve', () => {
  it('shows a key that works on the first start, only then, and exits with 0 when asked to stop', async () => {
    const first = await serve();
    expect(first.key).not.toBeNull();
    expect(first.io.stdout).toContain('It is not shown again');
    expect(first.io.stdout).toContain(`${first.url}/docs`);
    expect(await statusWith(first.url, first.key ?? '')).toBe(200);
    expect(await first.end()).toBe(0);

    const second = await serve();
    expect(second.key).toBeNull();
    expect(second.io.stdout).toContain('$HOOKWIRE_OPERATOR_KEY');
    expect(await statusWith(second.url, first.key ?? '')).toBe(200);
    expect(second.io.stdout).toContain('Next: make an account');
    const made = await request(`${second.url}/v1/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${first.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Acme' }),
    });
    expect(made.statusCode).toBe(201);
    await made.body.dump();
    expect(await second.end()).toBe(0);

    const third = await serve();
    expect(third.io.stdout).not.toContain('Next:');
    expect(await third.end()).toBe(0);
  });

  it('speaks of the portal where there is one, and says how to get it where there is none', () => {
    const config = loadConfig({ HOOKWIRE_PUBLIC_URL: 'https://hooks.example.com' });
    const gateway = { url: 'http://127.0.0.1:8080', firstOperatorKey: null, hasAccounts: true };
    const setupLink = 'https://hooks.example.com/setup#token=t';
    const withPortal = startMessage({ ...gateway, setupLink, hasPortal: true }, config);
    expect(withPortal).toContain('Portal        https://hooks.example.com/\n');
    expect(withPortal).toContain(`Set up the portal: ${setupLink}\n`);
    const without = startMessage({ ...gateway, setupLink, hasPortal: false }, config);
    expect(without).toContain('Portal        is not built: npm ci && npm run build:portal\n');
    expect(without).not.toContain('hooks.example.com');
  });

  it.runIf(isPortalBuilt())(
    'prints the link that sets the portal up, another one with each start while nobody has',
    async () => {
      const links: string[] = [];
      for (const _ of [1, 2]) {
        const gateway = await serve({ HOOKWIRE_PUBLIC_URL: 'https://hooks.example.com' });
        const [, link = ''] = /Set up the portal: (\S+)/.exec(gateway.io.stdout) ?? [];
        links.push(link);
        expect(gateway.io.stdout).toContain('https://hooks.example.com/\n');
        await gateway.end();
      }
      for (const link of links)
        expect(link).toMatch(/^https:\/\/hooks\.example\.com\/setup#token=[\w-]{43}$/);
      expect(links[0]).not.toBe(links[1]);
    },
  );

  it('exits with 3 when another gateway has the data directory, and names it', async () => {
    const first = await serve();
    const { code, stderr } = await run(['serve']);
    expect(code).toBe(3);
    expect(stderr).toContain(dataDir);
    await first.end();
  });

  it('exits with 3 when the port is taken, and shows the first key at the start that succeeds', async () => {
    await using other = await startReceiver();
    const { port } = new URL(other.url);
    const { code, stderr } = await run(['serve'], { HOOKWIRE_PORT: port });
    expect(code).toBe(3);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
    const gateway = await serve();
    expect(await statusWith(gateway.url, gateway.key ?? '')).toBe(200);
    await gateway.end();
  });
});

describe('hookwire keys', () => {
  it('makes, lists and revokes operator keys beside a running gateway', async () => {
    const gateway = await serve();
    const made = await run(['keys', 'create', '--operator', '--name', 'ci']);
    expect(made.code).toBe(0);
    const key = made.stdout.trim();
    expect(await statusWith(gateway.url, key)).toBe(200);

    const listed = await run(['keys', 'list']);
    const [, id = ''] = /^(key_\w+) .* ci$/m.exec(listed.stdout) ?? [];
    expect(listed.stdout).toContain('first operator');
    expect(listed.stdout).not.toContain(key);

    expect((await run(['keys', 'revoke', id])).code).toBe(0);
    expect((await run(['keys', 'list'])).stdout).not.toContain(id);
    await gateway.end();
  });

  it('exits with 1 when there is no such key', async () => {
    const { code, stderr } = await run(['keys', 'revoke', 'key_none']);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no operator key key_none');
  });

  it('exits with 2 when a key has no name', async () => {
    expect(await run(['keys', 'create'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--name'),
    });
  });
});

describe('hookwire demo', () => {
  it('delivers SMS reports by every method, WhatsApp reports and WhatsApp messages', async () => {
    const io = createRecordedIo({ HOOKWIRE_PORT: '0' });
    const exit = runCli(['demo', '--rate', '500', '--data-dir', dataDir], io);
    const paths = [
      'GET /sms/get?',
      'POST /sms/post',
      'POST /sms/json',
      'POST /sms/xml',
      'POST /whatsapp/dlr',
      'POST /whatsapp/mo',
    ];
    await Promise.race([Promise.all(paths.map((path) => io.printed(` ${path}`))), exit]);
    io.stop();
    expect({ code: await exit, stderr: io.stderr }).toEqual({ code: 0, stderr: '' });
    for (const path of paths) expect(io.stdout).toContain(` ${path}`);
    expect(io.stdout).toMatch(/Account key +hw_/);
    expect(io.stdout).toMatch(/events accepted \d+, requests received \d+/);
  });

  it('streams for its duration, however long the start took, and then exits with 0', async () => {
    const { code, stdout, stderr } = await run(['demo', '--rate', '50', '--duration', '1'], {
      HOOKWIRE_LOG_LEVEL: 'error',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The demo is running.');
    const accepted = [...stdout.matchAll(/events accepted (\d+)/g)].map(([, count]) => Number(count));
    expect(accepted.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5);
  });
});
