import type { Config } from '../../config/config.ts';
import { version } from '../../core/version.ts';
import { createSpanExporter, type ExporterOptions, type SpanExporter } from './exporter.ts';
import { createTracer, type Tracer } from './tracer.ts';

/** Traces on their way to the collector. */
export type TraceExport = Tracer & Pick<SpanExporter, 'exported' | 'dropped' | 'close'>;

/** `null` where no collector is configured: then nothing is traced. */
export function openTraces(
  { traces: { endpoint, ratio }, secrets }: Pick<Config, 'traces' | 'secrets'>,
  options: Pick<ExporterOptions, 'clock' | 'log' | 'connect'>,
): TraceExport | null {
  if (endpoint === null) return null;
  const exporter = createSpanExporter({ endpoint, headers: secrets.traceHeaders, version, ...options });
  return Object.assign(exporter, createTracer(exporter, ratio));
}
