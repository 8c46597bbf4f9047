import { createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';

/**
 * Does something, rests for as long as it says (ms), and does it again.
 * @returns what ends it, when the doing that is under way has ended
 */
export function repeat(
  clock: Pick<Clock, 'setTimer'>,
  run: (hasEnded: () => boolean) => Promise<number>,
): () => Promise<void> {
  const bell = createBell(clock);
  const hasEnded = (): boolean => bell.hasEnded;

  async function goOn(): Promise<void> {
    while (!bell.hasEnded) await bell.sleep(await run(hasEnded));
  }

  const going = goOn();
  return async () => {
    bell.end();
    await going;
  };
}
