import { type LoadOptions, startLoad } from './load.ts';
import { drain } from './measure.ts';
import { pause } from './processes.ts';
import type { Sink } from './sink-process.ts';

/** How a benchmark posts, without how fast. */
export type Posting = Omit<LoadOptions, 'rate' | 'bound'>;

/** Events waiting while a load is as fast as it goes: enough to keep every part busy, few enough to stay a flow. */
const backlog = 4_000;

/** Events delivered per second when as many come as go; when it resolves nothing is under way any more. */
export async function calibrate(
  posting: Posting,
  sink: Sink,
  warmUpSeconds = 2,
  seconds = 4,
): Promise<number> {
  await sink.reset();
  const load = startLoad({ ...posting, bound: { sink, backlog }, rate: null });
  await pause(warmUpSeconds * 1000);
  const before = { received: sink.received, at: performance.now() };
  await pause(seconds * 1000);
  const perSecond = ((sink.received - before.received) / (performance.now() - before.at)) * 1000;
  await drain(load, sink);
  return perSecond;
}
