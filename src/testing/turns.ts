import { setImmediate } from 'node:timers/promises';

/**
 * Lets what is on its way between two sockets of this process arrive. On loopback it lies at the other end once it is
 * sent, and is read in one of the event loop's next turns: these are counted, not time, so that a busy machine only
 * makes them longer.
 */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}
