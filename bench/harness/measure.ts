import type { Load } from './load.ts';
import { patienceMs } from './patience.ts';
import { type GatewayProcess, pause } from './processes.ts';
import type { Sink } from './sink-process.ts';

/** What happened in a span of time. */
export interface Measured {
  /** Per second. */
  readonly accepted: number;
  /** Per second. */
  readonly delivered: number;
  /** From POST to arrival, a sample. */
  readonly latenciesMs: readonly number[];
  /** CPU seconds of the gateway per second. */
  readonly cpu: number;
  /** The same by the threads' names. */
  readonly threads: Readonly<Record<string, number>>;
  /** At the end. */
  readonly residentMiB: number;
}

/** Watches a load for a while. */
export async function measure(
  gateway: Pick<GatewayProcess, 'usage'>,
  load: Load,
  sink: Sink,
  seconds: number,
): Promise<Measured> {
  await sink.latencies();
  const before = { at: performance.now(), accepted: load.accepted, received: sink.received };
  const start = await gateway.usage();
  await pause(seconds * 1000);
  const latenciesMs = await sink.latencies();
  const took = (performance.now() - before.at) / 1000;
  const usage = await gateway.usage();
  return {
    accepted: (load.accepted - before.accepted) / took,
    delivered: (sink.received - before.received) / took,
    latenciesMs,
    cpu: (usage.cpuSeconds - start.cpuSeconds) / took,
    threads: Object.fromEntries(
      Object.entries(usage.threads).map(([name, seconds]) => [
        name,
        (seconds - (start.threads[name] ?? 0)) / took,
      ]),
    ),
    residentMiB: usage.residentMiB,
  };
}

/**
 * Ends a load and waits until everything it had accepted has arrived; fails when nothing arrives any more. The sink must
 * have been reset before the load.
 */
export async function drain(load: Load, sink: Sink): Promise<void> {
  await load.stop();
  let { received } = sink;
  let progressAt = Date.now();
  while (sink.received < load.accepted && Date.now() - progressAt < patienceMs) {
    await pause(20);
    if (sink.received === received) continue;
    received = sink.received;
    progressAt = Date.now();
  }
  if (sink.received !== load.accepted) {
    throw new Error(`${load.accepted} events were accepted, ${sink.received} arrived.`);
  }
}
