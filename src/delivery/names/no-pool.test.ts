import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createNameServer } from '../../testing/name-server/name-server.ts';
import { createReceiver } from '../../testing/receiver/receiver.ts';
import { createGuard } from '../guard/guard.ts';
import { createSender } from '../send/sender.ts';
import { createNames } from './names.ts';

/** More than libuv's pool has threads. Opening a pipe for reading waits until somebody writes. */
const blockers = 8;

it.skipIf(process.platform === 'win32')('a delivery needs none of the threads of libuv’s pool', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hookwire-pool-'));
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await using server = await createNameServer(() => ({ addresses: ['127.0.0.1'] }));
  await using receiver = await createReceiver([200]);
  const opening = Array.from({ length: blockers }, () => open(pipe, 'r'));
  try {
    const names = createNames({ clock: systemClock, servers: [server], hostsFile: join(directory, 'none') });
    const guard = createGuard({ allowNetworks: ['127.0.0.0/8'], names });
    await using sender = createSender({ guard, clock: systemClock });
    const origin = `http://shop.example:${new URL(receiver.url).port}`;
    const request = { method: 'POST', origin, path: '/', headers: [], body: '' } as const;
    const result = await sender.open(origin, { connections: 1 }).send(request, 10_000);
    expect(result).toMatchObject({ statusCode: 200, error: null });
    const isBlocked = await Promise.race([
      Promise.all(opening).then(() => false),
      new Promise((resolve) => setImmediate(resolve, true)),
    ]);
    expect(isBlocked).toBe(true);
  } finally {
    // In this thread, and at once, since somebody waits to read.
    const writer = openSync(pipe, 'w');
    for (const file of await Promise.all(opening)) await file.close();
    closeSync(writer);
    await rm(directory, { recursive: true });
  }
});
