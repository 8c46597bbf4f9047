import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parameterNames } from '../bench/harness/setup.ts';
import { findProgram } from '../bin/built.js';
import { build } from '../scripts/build.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

const repository = join(import.meta.dirname, '..');
const operatorKey = 'op_0123456789abcdef';
let root: string;
let running: ChildProcess | undefined;

/** A checkout of its own, so that tests beside this one keep their build. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hookwire-build-test-'));
  for (const path of ['src', 'bin', 'scripts', 'package.json', 'tsconfig.json']) {
    await cp(join(repository, path), join(root, path), { recursive: true });
  }
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  await build(root);
});
afterAll(async () => {
  running?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

/** Starts what `bin/hookwire.js` finds, and waits until it says where it listens. */
async function start(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, ['bin/hookwire.js', 'serve'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      HOOKWIRE_PORT: '0',
      HOOKWIRE_DATA_DIR: join(root, 'data'),
      HOOKWIRE_OPERATOR_KEY: operatorKey,
      HOOKWIRE_ALLOW_NETWORKS: '127.0.0.0/8',
      HOOKWIRE_LOG_LEVEL: 'warn',
    },
  });
  running = child;
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    const [, url] = /API +(\S+)\n/.exec(said) ?? [];
    if (url !== undefined) return { url, process: child };
  }
  throw new Error(`It did not start:\n${said}`);
}

describe('the built program', () => {
  it('is what runs, and does what the sources do', async () => {
    expect(findProgram(root).main).toMatch(/dist/);
    await using receiver = await createReceiver();
    const gateway = await start();
    const call = async (method: string, path: string, body?: object): Promise<[number, unknown]> => {
      const answer = await fetch(gateway.url + path, {
        method,
        headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return [answer.status, /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text];
    };
    expect(await call('POST', '/v1/accounts', { id: 'acme', name: 'Acme' })).toMatchObject([201, {}]);
    const webhook = {
      accountId: 'acme',
      product: 'sms',
      reportType: 'dlr',
      method: 'JSON',
      url: receiver.url,
      parameterNames,
    };
    expect(await call('POST', '/v1/webhooks', webhook)).toMatchObject([201, {}]);
    const event = {
      accountId: 'acme',
      product: 'sms',
      reportType: 'dlr',
      status: 'delivered',
      messageId: 'm1',
    };
    expect(await call('POST', '/v1/events', event)).toMatchObject([202, { accepted: 1 }]);
    expect((await receiver.next()).body.toString()).toContain('m1');

    // Parts that are loaded when they are first used.
    expect(await call('GET', '/docs/')).toEqual([200, expect.stringContaining('<html')]);
    expect(await call('GET', '/openapi.json')).toMatchObject([200, { openapi: '3.1.0' }]);
    expect(await call('GET', '/metrics')).toEqual([200, expect.stringContaining('hookwire_')]);
    const nobody = { email: 'nobody@example.com', password: 'no such password' };
    expect(await call('POST', '/v1/session', nobody)).toMatchObject([401, { code: 'invalid_credentials' }]);

    gateway.process.kill('SIGTERM');
    expect(await once(gateway.process, 'exit')).toEqual([0, null]);
  });

  it('gives way to the sources as soon as these are changed, and keeps the build before it', async () => {
    const version = async () =>
      (await promisify(execFile)(process.execPath, ['bin/hookwire.js', '--version'], { cwd: root })).stdout;
    expect(await version()).toMatch(/^\d+\.\d+\.\d+\n$/);
    await writeFile(join(root, 'src/core/version.ts'), "export const version = 'edited';\n");
    expect(await version()).toBe('edited\n');
    await build(root);
    expect(findProgram(root).main).toMatch(/dist/);
    expect(await version()).toBe('edited\n');
    expect((await readdir(join(root, 'dist'))).filter((name) => name.startsWith('program-'))).toHaveLength(2);
  });

  it('is not put in place when it does not run', async () => {
    const before = findProgram(root).main;
    await writeFile(join(root, 'src/core/ids.ts'), 'throw new Error("broken");\n');
    await expect(build(root)).rejects.toThrow(/does not run[\s\S]*broken|MISSING_EXPORT/);
    expect(findProgram(root).main).toBe(join(root, 'src/main.ts'));
    expect(await readdir(join(root, 'dist'))).toContain(before.split('/').at(-2));
  });
});
