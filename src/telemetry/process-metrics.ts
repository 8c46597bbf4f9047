import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MetricSheet } from './metric-sheet.ts';
import { processMemory } from './process-memory.ts';

/** Adds the process's own metrics, under the names that dashboards for Node know; call the answer to stop watching. */
export function addProcessMetrics({ counter, gauge }: MetricSheet): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();

  counter('process_cpu_seconds_total', 'CPU time of all threads, in seconds.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge(
    'process_start_time_seconds',
    'When the process started, in seconds since the Unix epoch.',
    () => performance.timeOrigin / 1000,
  );
  gauge('process_resident_memory_bytes', 'Resident memory.', () => processMemory().rss);
  gauge(
    'nodejs_heap_size_used_bytes',
    'JavaScript objects of the main thread.',
    () => processMemory().heapUsed,
  );
  gauge(
    'nodejs_external_memory_bytes',
    'Buffers and other memory outside of the heap.',
    () => processMemory().external,
  );
  gauge(
    'nodejs_eventloop_lag_p50_seconds',
    'How late the event loop was since the last reading: the median.',
    () => delay.percentile(50) / 1e9,
  );
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'How late the event loop was since the last reading: its 99th percentile.',
    () => delay.percentile(99) / 1e9,
  );
  gauge(
    'nodejs_eventloop_lag_max_seconds',
    'How late the event loop was since the last reading: at most.',
    () => {
      const seconds = delay.max / 1e9;
      // The last of the three to be read.
      delay.reset();
      return seconds;
    },
  );
  return () => void delay.disable();
}
