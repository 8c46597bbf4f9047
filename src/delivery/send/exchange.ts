import type { Clock, Timer } from '../../core/clock.ts';
import { type Shortage, shortageWords } from '../../core/shortage.ts';
import { shortageOf } from '../../core/shortage-of.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import { AnswerReader, type ReadState } from './answer-reader.ts';
import type { Connection, ConnectionUser } from './connection.ts';
import { deadlineFailure, isRedirect, openEndedFailure, redirectFailure } from './cut-short.ts';
import { failureOf, unreadable } from './failure.ts';
import type { Phase } from './phase.ts';
import { type RequestText, requestText } from './request-text.ts';
import { Outcome, type SendError, type SendResult } from './send-result.ts';
import { tlsAnswer } from './tls-failure.ts';

/** Where an exchange gets its connections from and gives them back to. */
export interface ConnectionSource {
  readonly clock: Clock;
  /** Host and port, for texts and the header `host`. */
  readonly host: string;
  readonly origin: string;
  readonly maxResponseBytes: number;
  /** How long a connection may carry nothing, where the server does not ask for less. */
  readonly idleMs: number;
  /** The server sent more than an answer, so that no connection with it may carry a second request. */
  doubt(): void;
  /** The answer came whole: the connection may serve the next exchange, when all of this one's request was sent. */
  releaseWhenSent(connection: Connection): void;
  /** Nothing more may be sent or read on the connection. */
  discard(connection: Connection): void;
  /** As {@link discard}, with a new connection in its place. */
  replace(connection: Connection): Connection;
  /** The exchange ended while it waited for a connection. */
  forget(exchange: Exchange): void;
  /** The machine had too little of this for one more connection. */
  short(of: Shortage): void;
}

/** A connection that the server had already closed fails within a round trip; later, the server was at work. */
const staleWithinMs = 1000;
/** A timer that rings so much too late has slept with the whole process. */
const standstillMs = 500;
/** How long an exchange may go on when the process stood still over its deadline. */
const graceMs = 1000;
/** Servers count from when they sent, the gateway from when it received; at most half of the time is given away for it. */
const idleMarginMs = 1000;

/**
 * One request and its answer, under one deadline.
 *
 * ```text
 * waiting ──▸ lookup ──▸ connect ──▸ headers ──▸ body ──▸ done
 *    (a connection) (address)  (it is open)  (status)  (last byte, or enough of it)
 * ```
 * **Resending.** A server may close a kept connection at the moment of sending. When a reused connection breaks within
 * a second and before the first byte of an answer, or what comes at once is a 408 that closes it (some servers say so that
 * they do), the request goes out once more on a new connection, under the same deadline. So it does when what comes is no
 * answer but the rest of the one before: the body of a 204, more bytes than `Content-Length` says. Such a server gets no
 * second request over a connection any more. The server may have processed it: the duplicate carries the same `webhook-id`,
 * exactly as the retry some seconds later would, so this costs no guarantee and spares the customer the wait.
 * `SendResult.resent` says so.
 *
 * **Standing still.** When the whole process slept (a frozen machine, SIGSTOP), answers lie in the sockets while the
 * timers are overdue. So a deadline is judged only after the sockets were read, and one that rings far too late gives
 * the exchange another second.
 *
 * A class with fields instead of closures: this is the hot path.
 */
export class Exchange implements ConnectionUser {
  readonly #source: ConnectionSource;
  readonly #request: RenderedRequest;
  readonly #timeoutMs: number;
  readonly #settle: (result: SendResult) => void;
  readonly #startedAt: number;
  #deadline: Timer;
  #deadlineAt: number;
  /** Since when time does not count; `null`: it does. */
  #heldAt: number | null = null;
  #waitedMs = 0;
  #connection: Connection | null = null;
  #phase: Phase | 'done' = 'waiting';
  #sentAt = 0;
  #reused = false;
  #resent = false;
  /** It was given more time once; a loop that is late again and again must not put the deadline off for ever. */
  #isGraced = false;
  #reader: AnswerReader;
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
    this.#deadlineAt = this.#startedAt + timeoutMs;
    this.#deadline = source.clock.setTimer(() => this.#onDeadline(), timeoutMs);
    this.#reader = new AnswerReader(source.maxResponseBytes);
  }

  /** Sends the request on this connection. */
  start(connection: Connection): void {
    this.#phase = 'connect';
    this.#connection = connection;
    connection.user = this;
    if (connection.isOpen) this.onOpen();
    if (connection.lookup) this.onLookup();
    if (connection.lookup === 'asked') this.onLookupTurn();
  }

  /** Ends the exchange now, with this error; its connection is closed. */
  fail(error: SendError): void {
    const connection = this.#connection;
    // First the exchange, then the connection: what closing it sets off must find nobody.
    this.#finish(error);
    if (connection) this.#source.discard(connection);
    else this.#source.forget(this);
  }

  /** Until its turn has come it waits for look-ups of other names, which is not the endpoint's time. */
  onLookup(): void {
    if (this.#phase !== 'connect') return;
    this.#phase = 'lookup';
    this.#heldAt = this.#source.clock.now();
    this.#deadline.cancel();
  }

  onLookupTurn(): void {
    if (this.#heldAt === null || this.#phase === 'done') return;
    const waitedMs = Math.max(0, this.#source.clock.now() - this.#heldAt);
    this.#heldAt = null;
    this.#waitedMs += waitedMs;
    this.#deadlineAt += waitedMs;
    const leftMs = Math.min(this.#deadlineAt - this.#source.clock.now(), this.#timeoutMs);
    this.#deadline = this.#source.clock.setTimer(() => this.#onDeadline(), leftMs);
  }

  onLookupEnd(): void {
    this.onLookupTurn();
    if (this.#phase === 'lookup') this.#phase = 'connect';
  }

  onHandshake(): void {
    if (this.#phase === 'connect') this.#phase = 'tls';
  }

  onOpen(): void {
    const connection = this.#connection;
    if ((this.#phase !== 'connect' && this.#phase !== 'tls') || !connection) return;
    const text = requestText(this.#request, this.#source.host);
    if ('problem' in text) {
      this.fail({ class: 'render', detail: `The request cannot be sent: ${text.problem}.` });
      return;
    }
    this.#send(connection, text);
  }

  #send(connection: Connection, { text, encoding }: RequestText): void {
    this.#phase = 'headers';
    this.#reused = connection.carried++ > 0;
    if (this.#reused) this.#sentAt = this.#source.clock.now();
    connection.write(text, encoding);
  }

  onBytes(bytes: Buffer, length: number): void {
    // A server may answer before it has been asked (a 503 of a proxy that is full), and close.
    if (this.#phase === 'done') return;
    this.#take(this.#reader.push(bytes, length));
  }

  onEnd(): void {
    if (this.#phase === 'done') return;
    const connection = this.#connection;
    this.#take(this.#reader.end());
    if (this.#connection !== connection) return;
    // Still there: it ended in the middle.
    this.onError(Object.assign(new Error('The other side ended the connection.'), { code: 'ECONNRESET' }));
  }

  onError(error: Error): void {
    const connection = this.#connection;
    if (this.#phase === 'done' || !connection) return;
    this.#shortage = shortageOf(error);
    if (this.#shortage) {
      this.#source.short(this.#shortage);
      this.fail({ class: 'refused', detail: `The gateway ${shortageWords[this.#shortage]}.` });
      return;
    }
    const { host, origin } = this.#source;
    const maySpeakTls = origin.startsWith('http:') && connection.carried === 1;
    const failure = failureOf(error, host, this.#phase, maySpeakTls);
    if (failure.class === 'reset' && this.#isStale(connection)) this.#resend(connection);
    else if (failure.class === 'reset' && this.#reader.break() === 'enough') this.#answered();
    else this.fail(failure);
  }

  #take(reading: ReadState): void {
    const { statusCode, problem } = this.#reader;
    if (statusCode !== null) this.#phase = 'body';
    switch (reading) {
      case 'more':
        return;
      case 'invalid':
        if (this.#connection && this.#isLeftover()) {
          this.#source.doubt();
          this.#resend(this.#connection);
          return;
        }
        this.fail(unreadable(problem ?? 'not_http', this.#source.host));
        return;
      case 'done':
      case 'enough':
        this.#answered();
    }
  }

  #answered(): void {
    const connection = this.#connection;
    const { statusCode, location, keepsConnection, idleHintMs } = this.#reader;
    const status = statusCode ?? 0;
    if (status === 408 && !keepsConnection && connection && this.#isAtOnce()) {
      this.#resend(connection);
      return;
    }
    this.#finish(this.#whyUnwanted(status, location));
    if (!connection) return;
    const keepMs =
      idleHintMs === null ? this.#source.idleMs : idleHintMs - Math.min(idleMarginMs, idleHintMs / 2);
    connection.keepMs = Math.min(this.#source.idleMs, keepMs);
    if (keepsConnection && connection.isOpen && keepMs > 0) this.#source.releaseWhenSent(connection);
    else this.#source.discard(connection);
  }

  #whyUnwanted(status: number, location: string | null): SendError | null {
    const { origin, host } = this.#source;
    if (isRedirect(status, location)) return redirectFailure(status, location, origin);
    const tls = tlsAnswer(status, this.#reader.body, origin.startsWith('https:'), host);
    return tls === null ? null : { class: 'tls', detail: tls };
  }

  /** A kept connection broke at once and before any answer. */
  #isStale(connection: Connection): boolean {
    if (this.#resent || this.#reader.began) return false;
    if (this.#phase === 'connect') return connection.carried > 0;
    return this.#isAtOnce();
  }

  /** The request went over a kept connection just now, for the first time. */
  #isAtOnce(): boolean {
    return this.#reused && !this.#resent && this.#source.clock.now() - this.#sentAt <= staleWithinMs;
  }

  /** What came instead of an answer on a kept connection is the rest of the answer before. */
  #isLeftover(): boolean {
    return this.#reader.isNoHttp && this.#isAtOnce();
  }

  #resend(connection: Connection): void {
    this.#resent = true;
    this.#reader = new AnswerReader(this.#source.maxResponseBytes);
    connection.user = null;
    this.start(this.#source.replace(connection));
  }

  #onDeadline(): void {
    const lateMs = this.#source.clock.now() - this.#deadlineAt;
    // Timers come before sockets in a turn of the event loop, and immediates behind both.
    setImmediate(() => this.#judgeDeadline(lateMs));
  }

  #judgeDeadline(lateMs: number): void {
    if (this.#phase === 'done') return;
    if (lateMs >= standstillMs && !this.#isGraced) {
      this.#isGraced = true;
      this.#deadlineAt = this.#source.clock.now() + graceMs;
      this.#deadline = this.#source.clock.setTimer(() => this.#onDeadline(), graceMs);
      return;
    }
    const noWayOut = this.#connection?.overdue() ?? null;
    if (noWayOut) this.onError(noWayOut);
    else if (this.#reader.isOpenEnded) this.fail(openEndedFailure(this.#source.host, this.#timeoutMs));
    else this.fail(deadlineFailure(this.#source.host, this.#phase, this.#timeoutMs));
  }

  #finish(error: SendError | null): void {
    const reader = this.#reader;
    this.#phase = 'done';
    this.#deadline.cancel();
    if (this.#connection) this.#connection.user = null;
    this.#connection = null;
    this.#settle(
      new Outcome(
        {
          startedAt: this.#startedAt,
          // The clock may have been set back meanwhile.
          durationMs: Math.max(0, this.#source.clock.now() - this.#startedAt - this.#waitedMs),
          statusCode: reader.statusCode,
          retryAfter: reader.retryAfter,
          date: reader.date,
          contentType: reader.contentType,
          contentEncoding: reader.contentEncoding,
          body: reader.body,
          truncated: reader.truncated,
          error,
          shortage: this.#shortage,
          resent: this.#resent,
        },
        reader.head,
      ),
    );
  }
}
