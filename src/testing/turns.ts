import { setImmediate } from 'node:timers/promises';

/**
 * Lets what waits for nothing but its turn of this thread's event loop go on: promises, and messages between ports of one thread.
 * Turns are counted, not time, so that a busy machine only makes them longer. For sockets there is `arrivals.ts`.
 */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}
