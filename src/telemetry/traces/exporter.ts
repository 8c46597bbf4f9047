import { Agent, type buildConnector, request } from 'undici';
import type { Clock, Timer } from '../../core/clock.ts';
import { shortageOf } from '../../core/shortage-of.ts';
import { otlpBody } from './otlp.ts';
import type { Span } from './span.ts';

export interface ExporterOptions {
  /** A collector's base URL; spans go to `/v1/traces` under it. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly version: string;
  readonly clock: Clock;
  readonly log: {
    warn(details: object, message: string): void;
    info(details: object, message: string): void;
  };
  /** How it connects; without: as undici does by itself. */
  readonly connect?: buildConnector.connector;
}

/** Sends spans to a collector, behind everything else: what it cannot take is dropped and counted. */
export interface SpanExporter {
  add(span: Span): void;
  readonly exported: number;
  readonly dropped: number;
  /** Sends what is left, within 3 s. Never rejects. */
  close(): Promise<void>;
}

const sendEveryMs = 1_000;
const mostAtOnce = 512;
const mostWaiting = 4_096;
const timeoutMs = 10_000;
const closeWithinMs = 3_000;

export function createSpanExporter(options: ExporterOptions): SpanExporter {
  const { clock, log } = options;
  const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`;
  const agent = new Agent({
    ...{ connections: 1, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
    ...(options.connect && { connect: options.connect }),
  });
  let waiting: Span[] = [];
  let timer: Timer | null = null;
  let sending: Promise<void> | null = null;
  let exported = 0;
  let dropped = 0;
  let failing = false;
  /** The machine was short of something: nothing is sent before this timer fires, however much waits. */
  let heldBack: Timer | null = null;
  let closed = false;

  async function post(spans: readonly Span[]): Promise<void> {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: { ...options.headers, 'content-type': 'application/json' },
      body: otlpBody(spans, options.version),
    });
    await body.dump();
    if (statusCode < 200 || statusCode > 299) throw new Error(`The collector answered ${statusCode}.`);
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostAtOnce);
      waiting = waiting.slice(mostAtOnce);
      try {
        await post(batch);
        exported += batch.length;
        if (failing) log.info({}, 'Traces arrive at the collector again.');
        failing = false;
      } catch (error) {
        if (error instanceof Error && shortageOf(error)) {
          // No fault of the collector's: they go with the next ones, as far as there is room.
          waiting.unshift(...batch);
          dropped += waiting.splice(mostWaiting).length;
          if (closed) dropped += waiting.splice(0).length;
          else heldBack = timer ??= clock.setTimer(send, sendEveryMs);
          return;
        }
        dropped += batch.length;
        if (!failing) log.warn({ err: error }, 'Traces do not arrive at the collector; they are dropped.');
        failing = true;
      }
    }
  }

  function send(): void {
    timer?.cancel();
    timer = null;
    heldBack = null;
    sending ??= sendAll().finally(() => {
      sending = null;
    });
  }

  return {
    add(span) {
      if (closed || waiting.length >= mostWaiting) {
        dropped++;
        return;
      }
      waiting.push(span);
      if (waiting.length >= mostAtOnce && !heldBack) send();
      else if (!sending) timer ??= clock.setTimer(send, sendEveryMs);
    },
    get exported() {
      return exported;
    },
    get dropped() {
      return dropped;
    },
    async close() {
      closed = true;
      send();
      const { promise: tooLate, resolve } = Promise.withResolvers<void>();
      const deadline = clock.setTimer(resolve, closeWithinMs);
      await Promise.race([sending, tooLate]);
      deadline.cancel();
      await agent.destroy();
      await sending;
    },
  };
}
