import type { Span } from './span.ts';

const errorStatus = { code: 2 };

/**
 * Spans as the body of `POST /v1/traces` (OTLP 1, JSON encoding): 64-bit integers are text, ids are hex.
 *
 * ```json
 * { "resourceSpans": [{ "resource": { "attributes": [{ "key": "service.name", "value": { "stringValue": "hookwire" } }] },
 *   "scopeSpans": [{ "scope": { "name": "hookwire" }, "spans": [{ "traceId": "5b8e…", "name": "deliver", … }] }] }] }
 * ```
 */
export function otlpBody(spans: readonly Span[], version: string): string {
  const service = { 'service.name': 'hookwire', 'service.version': version };
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(service) },
        scopeSpans: [{ scope: { name: 'hookwire', version }, spans: spans.map(spanOf) }],
      },
    ],
  });
}

function spanOf(span: Span): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: nanos(span.startedAt),
    endTimeUnixNano: nanos(span.endedAt),
    attributes: attributesOf(span.attributes),
    ...(span.error === null ? {} : { status: { ...errorStatus, message: span.error } }),
  };
}

function nanos(atMs: number): string {
  return `${Math.round(atMs)}000000`;
}

function attributesOf(attributes: Span['attributes']): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [{ key, value: otlpValue(value) }],
  );
}

function otlpValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
