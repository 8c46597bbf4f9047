import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that the system gives to connections and to `listen(0)` (from 32,768 on Linux, 49,152 elsewhere). */
const [first, count] = [20_000, 12_000];
/** Processes that run side by side begin far from each other. */
let next = (process.pid * 7_919) % count;

/**
 * A port of the loopback address that nothing listens on. Whoever asks begins to listen a moment later, so it is none that another
 * program is given meanwhile, and none twice.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < count; tries++) {
    const port = first + next;
    next = (next + 1) % count;
    if (await isFree(port)) return port;
  }
  throw new Error('No port is free.');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
