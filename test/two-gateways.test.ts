import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startGatewayProcess } from '../bench/harness/processes.ts';
import { callApi } from '../bench/harness/setup.ts';

it.runIf(process.platform === 'linux')(
  'a second gateway on one directory is refused although the file of the lock was deleted, until the first is gone',
  async () => {
    await using first = await startGatewayProcess();
    const env = { HOOKWIRE_DATA_DIR: first.dataDir };
    rmSync(join(first.dataDir, 'hookwire.lock'));
    await expect(startGatewayProcess(env)).rejects.toThrow(/ended with 3/);
    const accounts = await callApi<{ data: unknown[] }>(first, 'GET', '/v1/accounts');
    expect(accounts.data.length).toBeGreaterThan(0);
    const ended = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await ended;
    await using again = await startGatewayProcess(env);
    expect(again.url).toContain('http');
  },
);
