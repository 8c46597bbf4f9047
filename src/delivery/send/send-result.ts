import type { ErrorClass } from '../../core/delivery.ts';
import type { Shortage } from '../../core/shortage.ts';
import { headerPairs } from './answer-head.ts';

/** What was sent and what came back, or why nothing did. */
export interface SendResult {
  /** When the attempt began, ms since the Unix epoch. */
  readonly startedAt: number;
  /** Until the answer's last byte, or until it failed. */
  readonly durationMs: number;
  /** `null` when no answer began. */
  readonly statusCode: number | null;
  /** The answer's headers as received, in their order; read from its head when asked for. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The answer's first `Retry-After`, as received. */
  readonly retryAfter: string | null;
  /** The answer's first `Date`, as received: the endpoint's clock. */
  readonly date: string | null;
  /** The answer's first `Content-Type` and `Content-Encoding`, as received. */
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  /** The answer's body as received (not decoded), at most `maxResponseBytes` of it. */
  readonly body: Buffer;
  /** There was more of the body than was kept. */
  readonly truncated: boolean;
  /** Why the exchange failed; `null` when an answer came that can be judged and is no redirect. */
  readonly error: SendError | null;
  /** The machine had too little of this, so that the error says nothing of the endpoint. */
  readonly shortage: Shortage | null;
  /** The request was sent twice: a kept connection broke before any answer (see `exchange.ts`). */
  readonly resent: boolean;
}

export interface SendError {
  readonly class: ErrorClass;
  /** A sentence for the endpoint's developer. */
  readonly detail: string;
}

/** A {@link SendResult} whose headers are turned into text only when somebody reads them. */
export class Outcome implements SendResult {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly retryAfter: string | null;
  readonly date: string | null;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly body: Buffer;
  readonly truncated: boolean;
  readonly error: SendError | null;
  readonly shortage: Shortage | null;
  readonly resent: boolean;
  readonly #head: string;

  /** @param head the final head as it came; empty when no answer began */
  constructor(result: Omit<SendResult, 'headers'>, head: string) {
    this.startedAt = result.startedAt;
    this.durationMs = result.durationMs;
    this.statusCode = result.statusCode;
    this.retryAfter = result.retryAfter;
    this.date = result.date;
    this.contentType = result.contentType;
    this.contentEncoding = result.contentEncoding;
    this.body = result.body;
    this.truncated = result.truncated;
    this.error = result.error;
    this.shortage = result.shortage;
    this.resent = result.resent;
    this.#head = head;
  }

  get headers(): readonly (readonly [name: string, value: string])[] {
    return headerPairs(this.#head);
  }
}

/** The result of a request that was never sent. */
export function notSent(startedAt: number, error: SendError): SendResult {
  const nothing = {
    statusCode: null,
    retryAfter: null,
    date: null,
    contentType: null,
    contentEncoding: null,
    body: Buffer.alloc(0),
    truncated: false,
    shortage: null,
    resent: false,
  };
  return new Outcome({ startedAt, durationMs: 0, ...nothing, error }, '');
}
