import { hash } from 'node:crypto';

/** Who a span talks with, in OTLP's numbers. */
export const spanKinds = { server: 2, client: 3 } as const;

/** A finished step of an event's way. */
export interface Span {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: number;
  /** ms since the Unix epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>;
  /** What went wrong; `null` when nothing did. */
  readonly error: string | null;
}

/** The trace of an event and the span of its acceptance. */
export interface EventTrace {
  readonly traceId: string;
  readonly acceptSpanId: string;
}

/**
 * Ids follow from the event's, so an attempt hours later, or after a restart, falls into the trace of the acceptance
 * without anything being stored.
 */
export function traceOf(accountId: string, eventId: string): EventTrace {
  const digits = hash('sha256', `${accountId}\u0000${eventId}`);
  return { traceId: digits.slice(0, 32), acceptSpanId: digits.slice(32, 48) };
}

export function attemptSpanId(deliveryId: string, number: number): string {
  return hash('sha256', `${deliveryId}\u0000${number}`).slice(0, 16);
}

/** Whether an event is among the share that is traced; the same for its acceptance and all of its attempts. */
export function isTraced(eventId: string, ratio: number): boolean {
  if (ratio >= 1) return true;
  // FNV-1a, mixed at the end: its high bits barely differ for ids that count up.
  let value = 0x811c9dc5;
  for (let i = 0; i < eventId.length; i++) value = Math.imul(value ^ eventId.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32 < ratio;
}
