import { Agent, type buildConnector, request } from 'undici';
import { createLine } from '../../core/backlogs.ts';
import type { Clock } from '../../core/clock.ts';
import { shortageOf } from '../../core/shortage-of.ts';
import { createWriteBehind } from '../../core/write-behind.ts';
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
  const waiting = createLine<Span>(mostWaiting);
  let exported = 0;
  let dropped = 0;
  let failing = false;
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

  async function send(spans: readonly Span[]): Promise<void> {
    try {
      await post(spans);
      exported += spans.length;
      if (failing) log.info({}, 'Traces arrive at the collector again.');
      failing = false;
    } catch (error) {
      // No fault of the collector's: they go with the next ones.
      if (error instanceof Error && shortageOf(error)) throw error;
      dropped += spans.length;
      if (!failing) log.warn({ err: error }, 'Traces do not arrive at the collector; they are dropped.');
      failing = true;
    }
  }

  const sending = createWriteBehind({
    ...{ backlog: waiting, clock, afterMs: sendEveryMs, mostAtOnce, enough: mostAtOnce },
    write: send,
    // A shortage, which is told where it is met.
    onFailure: () => {},
  });

  return {
    add(span) {
      if (!closed && waiting.add(span)) sending.soon();
      else dropped++;
    },
    get exported() {
      return exported;
    },
    get dropped() {
      return dropped;
    },
    async close() {
      closed = true;
      const sent = sending.close();
      const { promise: tooLate, resolve } = Promise.withResolvers<void>();
      const deadline = clock.setTimer(resolve, closeWithinMs);
      await Promise.race([sent, tooLate]);
      deadline.cancel();
      await agent.destroy();
      await sent;
      dropped += waiting.take(waiting.size).length;
    },
  };
}
