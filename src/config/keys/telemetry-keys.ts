import { key } from '../config-key.ts';
import { headerList, oneOf, serviceUrl, share } from '../parsers.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What the gateway tells of itself. */
export const telemetryKeys = {
  logLevel: key({
    name: 'HOOKWIRE_LOG_LEVEL',
    description: 'The least important log lines that are written.',
    shape: logLevels.join(', '),
    unit: null,
    default: 'info',
    example: 'debug',
    secret: false,
    parse: oneOf(logLevels),
  }),
  otlpEndpoint: key({
    name: 'HOOKWIRE_OTLP_ENDPOINT',
    description:
      'An OpenTelemetry collector that takes OTLP over HTTP (JSON). Traces go to `/v1/traces` under it: one for each event, from its acceptance to its last attempt.',
    shape: 'http or https URL',
    unit: null,
    default: null,
    absent: 'There are no traces, and they cost nothing.',
    example: 'http://127.0.0.1:4318',
    secret: false,
    parse: serviceUrl,
  }),
  otlpHeaders: key({
    name: 'HOOKWIRE_OTLP_HEADERS',
    description: 'Header fields for the collector, for instance its key.',
    shape: 'name=value, separated by commas',
    unit: null,
    default: null,
    absent: 'None are sent.',
    example: 'x-api-key=3f9c61d07be84a2e',
    secret: true,
    parse: headerList,
  }),
  traceRatio: key({
    name: 'HOOKWIRE_TRACE_RATIO',
    description:
      'The share of events that is traced, where there is a collector. Every span costs some 5 µs: with thousands of events a second take 0.01.',
    shape: 'number from 0 to 1',
    unit: null,
    default: '1',
    example: '0.01',
    secret: false,
    parse: share,
  }),
};
