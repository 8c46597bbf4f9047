import type { Dispatcher } from 'undici';
import type { Clock, Timer } from '../../core/clock.ts';
import { type Shortage, shortageWords } from '../../core/shortage.ts';
import { shortageOf } from '../../core/shortage-of.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import type { Connection } from './connection.ts';
import { deadlineFailure, redirectFailure, tooLarge, tooManyInformational } from './cut-short.ts';
import { failureOf } from './failure.ts';
import type { Phase } from './phase.ts';
import { Outcome, type SendError, type SendResult } from './send-result.ts';

/** Where an exchange gets its connections from and gives them back to. */
export interface ConnectionSource {
  readonly clock: Clock;
  /** Host and port, for texts. */
  readonly host: string;
  readonly origin: string;
  readonly maxResponseBytes: number;
  /** The answer came whole: the connection may serve the next exchange. */
  release(connection: Connection): void;
  /** Nothing more may be sent or read on the connection. */
  discard(connection: Connection): void;
  /** As {@link discard}, with a new connection in its place. */
  replace(connection: Connection): Connection;
  /** The exchange ended while it waited for a connection. */
  forget(exchange: Exchange): void;
  /** The machine had too little of this for one more connection. */
  short(of: Shortage): void;
}

const nothing = Buffer.alloc(0);
const noHeaders: readonly Buffer[] = [];
// No sensible server sends more than 100, 102 and a few 103 before its answer.
const mostInformational = 8;
// A connection that the server had already closed fails within a round trip; later, the server was at work.
const staleWithinMs = 1000;

/**
 * One request and its answer, under one deadline.
 *
 * ```text
 * waiting ──▸ connect ──▸ headers ──▸ body ──▸ done
 *    (a connection) (it is open)  (status)  (last byte)
 * ```
 * **Resending.** A server may close a kept connection at the moment of sending. When a reused connection breaks within
 * a second and before the first byte of an answer, the request goes out once more on a new connection, under the same
 * deadline. The server may have processed it: the duplicate carries the same `webhook-id`, exactly as the retry some
 * seconds later would, so this costs no guarantee and spares the customer the wait. `SendResult.resent` says so.
 *
 * A class with fields instead of closures, itself undici's handler: this is the hot path.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #source: ConnectionSource;
  readonly #request: RenderedRequest;
  readonly #timeoutMs: number;
  readonly #settle: (result: SendResult) => void;
  readonly #startedAt: number;
  readonly #deadline: Timer;
  #connection: Connection | null = null;
  #phase: Phase | 'done' = 'waiting';
  #sentAt = 0;
  #reused = false;
  #answerBegan = false;
  #resent = false;
  #informational = 0;
  #statusCode: number | null = null;
  #retryAfter: string | null = null;
  #location: string | null = null;
  #rawHeaders: readonly Buffer[] = noHeaders;
  #body: Buffer = nothing;
  #more: Buffer[] | null = null;
  #size = 0;
  #truncated = false;
  #shortage: Shortage | null = null;

  constructor(
    source: ConnectionSource,
    request: RenderedRequest,
    timeoutMs: number,
    settle: (result: SendResult) => void,
  ) {
    this.#source = source;
    this.#request = request;
    this.#timeoutMs = timeoutMs;
    this.#settle = settle;
    this.#startedAt = source.clock.now();
    this.#deadline = source.clock.setTimer(() => this.#onDeadline(), timeoutMs);
  }

  /** Sends the request on this connection. */
  start(connection: Connection): void {
    this.#phase = 'connect';
    this.#connection = connection;
    connection.exchange = this;
    // A rendered request has the shape of undici's options; its origin is the client's own.
    connection.client.dispatch(this.#request as Dispatcher.DispatchOptions, this);
  }

  /** Ends the exchange now, with this error; its connection is closed. */
  fail(error: SendError): void {
    const connection = this.#connection;
    // First the exchange, then the connection: closing it makes undici call `onResponseError` once more.
    this.#finish(error);
    if (connection) this.#source.discard(connection);
    else this.#source.forget(this);
  }

  onRequestStart(): void {
    if (this.#phase !== 'connect' || !this.#connection) return;
    this.#phase = 'headers';
    this.#reused = this.#connection.carried++ > 0;
    if (this.#reused) this.#sentAt = this.#source.clock.now();
  }

  onResponseStarted(): void {
    this.#answerBegan = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (this.#phase !== 'headers') return;
    if (statusCode < 200) {
      if (++this.#informational > mostInformational) this.fail(tooManyInformational(this.#source.host));
      return;
    }
    this.#phase = 'body';
    this.#statusCode = statusCode;
    this.#rawHeaders = controller.rawHeaders as Buffer[];
    this.#retryAfter = first(headers['retry-after']);
    if (statusCode < 400 && statusCode >= 300) this.#location = first(headers.location);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#phase !== 'body') return;
    const room = this.#source.maxResponseBytes - this.#size;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (this.#size === 0) this.#body = kept;
    else if (this.#more) this.#more.push(kept);
    else this.#more = [this.#body, kept];
    this.#size += kept.length;
    if (kept === chunk) return;
    this.#truncated = true;
    this.fail(tooLarge(this.#source.host, this.#source.maxResponseBytes));
  }

  onResponseEnd(): void {
    const connection = this.#connection;
    if (this.#phase !== 'body' || !connection) return;
    const status = this.#statusCode ?? 0;
    this.#finish(
      status >= 300 && status < 400 ? redirectFailure(status, this.#location, this.#source.origin) : null,
    );
    this.#source.release(connection);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#phase === 'done') return;
    this.#shortage = shortageOf(error);
    if (this.#shortage) {
      this.#source.short(this.#shortage);
      this.fail({ class: 'refused', detail: `The gateway is short of ${shortageWords[this.#shortage]}.` });
      return;
    }
    const failure = failureOf(error, this.#source.host, this.#phase);
    const connection = this.#connection;
    if (connection && failure.class === 'reset' && this.#isStale(connection)) this.#resend(connection);
    else this.fail(failure);
  }

  /** A kept connection broke at once and before any answer. */
  #isStale(connection: Connection): boolean {
    if (this.#resent || this.#answerBegan) return false;
    if (this.#phase === 'connect') return connection.carried > 0;
    return this.#reused && this.#source.clock.now() - this.#sentAt <= staleWithinMs;
  }

  #resend(connection: Connection): void {
    this.#resent = true;
    this.start(this.#source.replace(connection));
  }

  #onDeadline(): void {
    if (this.#phase === 'done') return;
    this.fail(deadlineFailure(this.#source.host, this.#phase, this.#timeoutMs));
  }

  #finish(error: SendError | null): void {
    this.#phase = 'done';
    this.#deadline.cancel();
    if (this.#connection) this.#connection.exchange = null;
    this.#connection = null;
    const outcome = {
      startedAt: this.#startedAt,
      durationMs: this.#source.clock.now() - this.#startedAt,
      statusCode: this.#statusCode,
      retryAfter: this.#retryAfter,
      body: this.#more ? Buffer.concat(this.#more) : this.#body,
      truncated: this.#truncated,
      error,
      shortage: this.#shortage,
      resent: this.#resent,
    };
    this.#settle(new Outcome(outcome, this.#rawHeaders));
  }
}

function first(header: string | string[] | undefined): string | null {
  return (typeof header === 'object' ? header[0] : header) ?? null;
}
