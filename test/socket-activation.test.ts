import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';

const operatorKey = 'op_0123456789abcdef';
const headers = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' };
let dataDir: string;
let manager: ChildProcessByStdio<null, Readable, null>;
let said: string;
/** Of the gateways, in the order of their starts. */
const pids = (): number[] => [...said.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));
const ends = (): number => said.match(/^ended 0$/gm)?.length ?? 0;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hookwire-socket-'));
  said = '';
  manager = spawn(process.execPath, [join(import.meta.dirname, 'stopping/hand-over-socket.ts'), '2'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { HOOKWIRE_DATA_DIR: dataDir, HOOKWIRE_OPERATOR_KEY: operatorKey, HOOKWIRE_LOG_LEVEL: 'warn' },
  });
  manager.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
});
afterEach(async () => {
  manager.kill('SIGKILL');
  // One that runs although a test failed has lost its manager.
  const last = pids().at(-1);
  if (last !== undefined && pids().length > ends()) process.kill(last, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

/** Resolves when the manager and its gateways have said so much. */
async function untilSaid(words: RegExp): Promise<RegExpExecArray> {
  for (let found = words.exec(said); ; found = words.exec(said)) {
    if (found) return found;
    await Promise.race([once(manager.stdout, 'data'), once(manager, 'exit').then(() => fail(words))]);
  }
}

function fail(words: RegExp): never {
  throw new Error(`It ended and did not say ${words}:\n${said}`);
}

it('refuses no call in a restart on a socket that is handed over', async () => {
  const [, port] = await untilSaid(/^port (\d+)$/m);
  const agent = new Agent({ pipelining: 0, connections: 4 });
  const post = async (path: string, body: object): Promise<number> => {
    const options = { method: 'POST', headers, body: JSON.stringify(body), dispatcher: agent } as const;
    const answer = await request(`http://127.0.0.1:${port}${path}`, options);
    await answer.body.dump();
    return answer.statusCode;
  };
  // Before it has started: the connection waits for it.
  expect(await post('/v1/accounts', { id: 'acme', name: 'Acme' })).toBe(201);
  await untilSaid(/ready/);
  expect(said).toContain(`http://127.0.0.1:${port}\n`);

  const statuses: number[] = [];
  let posting = true;
  const event = { accountId: 'acme', product: 'sms', reportType: 'dlr', status: 'delivered' };
  const callers = ['a', 'b', 'c', 'd'].map(async (caller) => {
    for (let n = 0; posting; n++)
      statuses.push(await post('/v1/events', { ...event, messageId: `${caller}${n}` }));
  });
  const [first] = pids();
  if (first !== undefined) process.kill(first, 'SIGTERM');
  await untilSaid(/ended 0[\s\S]*pid[\s\S]*ready/);
  const before = statuses.length;
  // Answered by the second one, too.
  while (statuses.length < before + 8) await new Promise((resolve) => setImmediate(resolve));
  posting = false;
  await Promise.all(callers);
  expect(new Set(statuses)).toEqual(new Set([202]));

  const [, second] = pids();
  if (second !== undefined) process.kill(second, 'SIGTERM');
  await untilSaid(/ended 0[\s\S]*ended 0/);
  await agent.close();
});
