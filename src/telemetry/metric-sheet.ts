import { Counter, Gauge, Registry } from 'prom-client';
import { type BucketCounts, createBucketCounts } from './bucket-counts.ts';

/** One metric, for the reference page. */
export interface MetricDescription {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

/** Values by their labels. */
export type Labelled = Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>;

/** Metrics whose values are read when Prometheus asks, so that counting costs no more than adding to a number. */
export interface MetricSheet {
  gauge(name: string, help: string, read: () => number): void;
  counter(name: string, help: string, read: () => number): void;
  labelled(
    type: 'gauge' | 'counter',
    name: string,
    help: string,
    labels: string[],
    read: () => Labelled,
  ): void;
  histogram(name: string, help: string): BucketCounts;
  readonly descriptions: readonly MetricDescription[];
  /** Prometheus' text format. */
  text(): Promise<string>;
}

export function createMetricSheet(): MetricSheet {
  const registry = new Registry();
  const registers = [registry];
  const descriptions: MetricDescription[] = [];
  const histograms: (() => string)[] = [];

  function labelled(
    type: 'gauge' | 'counter',
    name: string,
    help: string,
    labels: string[],
    read: () => Labelled,
  ): void {
    descriptions.push({ name, type, help, labels });
    const configuration = { name, help, labelNames: labels, registers };
    if (type === 'gauge') {
      const gauge: Gauge = new Gauge({
        ...configuration,
        collect() {
          for (const [of, value] of read()) gauge.set(of, value);
        },
      });
      return;
    }
    const counter: Counter = new Counter({
      ...configuration,
      collect() {
        counter.reset();
        for (const [of, value] of read()) counter.inc(of, value);
      },
    });
  }

  return {
    descriptions,
    labelled,
    gauge: (name, help, read) => labelled('gauge', name, help, [], () => [[{}, read()]]),
    counter: (name, help, read) => labelled('counter', name, help, [], () => [[{}, read()]]),
    histogram(name, help) {
      descriptions.push({ name, type: 'histogram', help, labels: [] });
      const counts = createBucketCounts();
      histograms.push(() => counts.text(name, help));
      return counts;
    },
    text: async () => [await registry.metrics(), ...histograms.map((text) => text())].join(''),
  };
}
