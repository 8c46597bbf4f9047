// biome-ignore-all lint/style/noRestrictedGlobals: after so long even on a busy machine it does not come
import { setImmediate } from 'node:timers/promises';

/** Far more than anything takes that a test waits for, also on a machine that does ten other things. */
const mostMs = 90_000;

/**
 * Reads again and again until `accept` holds, and gives that value: for what no signal tells of.
 * @throws with the last value when it does not hold within 90 s
 */
export async function eventually<T>(read: () => T | Promise<T>, accept: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + mostMs;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (performance.now() > deadline) throw new Error(`It never came: ${JSON.stringify(value)}`);
    await setImmediate();
  }
}
