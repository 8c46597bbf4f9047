import { setInterval } from 'node:timers/promises';
import type { ApiClient } from '../api-client.ts';
import type { Traffic } from './traffic.ts';

const tickMs = 100;
const largestBatch = 1_000;

/**
 * Posts events until the signal is given.
 *
 * @param perSecond events a second
 * @param onAccepted is told how many events each call was answered to have accepted
 */
export async function streamEvents(
  client: ApiClient,
  traffic: Traffic,
  perSecond: number,
  onAccepted: (events: number) => void,
  signal: AbortSignal,
): Promise<void> {
  // The first goes with the first tick, so that even the slowest stream sends something at once.
  let due = 1;
  try {
    for await (const _ of setInterval(tickMs, null, { signal })) {
      due = Math.min(due + (perSecond * tickMs) / 1000, largestBatch);
      const count = Math.floor(due);
      if (count === 0) continue;
      due -= count;
      const { accepted } = await client.post('/v1/events', Array.from({ length: count }, traffic));
      onAccepted(Number(accepted));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
