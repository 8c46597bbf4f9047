import type { AfterAttempt, ErrorClass } from '../core/delivery.ts';
import type { WebhookSettings } from '../core/webhook.ts';
import { type HealthSign, healthSign } from './health-sign.ts';
import { retryAfterMs } from './retry-after.ts';
import { gaveUp, isTooLate, jittered, retryDelayMs } from './retry-policy.ts';
import { answerText } from './send/answer-text.ts';
import type { SendError, SendResult } from './send/send-result.ts';

/** What an answer means for the delivery, its webhook and its lane. */
export interface Verdict {
  readonly after: AfterAttempt;
  /** `null` when the delivery succeeded. */
  readonly errorClass: ErrorClass | null;
  /** A sentence for the endpoint's developer. */
  readonly errorDetail: string | null;
  /** The webhook is to be disabled: the endpoint answered 410. */
  readonly disable: 'gone' | null;
  /** It counts against `maxAttempts`. */
  readonly counts: boolean;
  /** Until when (ms since the Unix epoch) the lane should send nothing. */
  readonly slowDownUntil: number | null;
  /** The endpoint said that it gets too much (429, 503). */
  readonly overloaded: boolean;
  /** What it says of the endpoint, apart from this report. */
  readonly sign: HealthSign;
}

export interface ClassifyInput {
  readonly result: SendResult;
  readonly settings: Pick<WebhookSettings, 'success' | 'retry'>;
  /** Attempts that count against `maxAttempts`, this one included. */
  readonly attemptsSinceReplay: number;
  /** When the latest of those before it began; `null` where there was none. */
  readonly countedAt?: number | null;
  /** When the event was accepted. */
  readonly acceptedAt: number;
  readonly now: number;
  /** Yields 0 … 1. */
  readonly random: () => number;
}

/**
 * When a report that came too many is due again, about: its lane goes by the pace that it learns, so what waits here is
 * only not the very next.
 */
export const overloadRetryMs = 1_000;

const delivered: Verdict = Object.freeze({
  after: Object.freeze({ state: 'delivered' as const }),
  errorClass: null,
  errorDetail: null,
  disable: null,
  counts: true,
  slowDownUntil: null,
  overloaded: false,
  sign: 'well',
});

/** The URL or a header is longer than the endpoint reads, which the next attempt does not change. */
const tooLongStatuses: ReadonlySet<number | null> = new Set([414, 431]);
/** Attempts at most for what is too long: somebody may raise a limit, and a proxy may be replaced. */
const attemptsTooLong = 3;

/**
 * Turns the outcome of one attempt into what follows from it.
 *
 * ```text
 * answer with wanted status, wanted text ──▸ delivered
 * 410 ──▸ webhook disabled, delivery stays retrying (even after its last attempt: it waits for the webhook)
 * else ──▸ no attempts left ──▸ failed attempts_exhausted
 *          next attempt would be too late ──▸ failed gave_up_after
 *          414, 431 ──▸ as any, with 3 attempts at most
 *          else ──▸ retrying at the later of schedule and Retry-After
 * 429, 503 ──▸ retrying soon, or at Retry-After, which also rests the lane; uses up attempts by the schedule's time only
 * ```
 * An answer that does not end (`timeout_body`, `reset`) is a failure whatever its status; one that is merely long has told
 * its status. A redirect is one unless `success.codes` names its status. A 410 counts as an attempt like any other answer.
 */
export function classify(input: ClassifyInput): Verdict {
  const { result, settings } = input;
  const error = whyNot(result, settings.success);
  if (error === null) return delivered;
  const status = result.statusCode;
  const gone = status === 410;
  const overloaded = status === 429 || status === 503;
  const askedMs = retryAfterMs(result.retryAfter, input.now, result.date);
  const slowDownUntil = overloaded && askedMs !== null ? input.now + askedMs : null;
  const counts = !overloaded || isOnSchedule(input);
  const scheduledAt =
    input.now +
    (overloaded
      ? jittered(overloadRetryMs, input.random)
      : retryDelayMs(input.attemptsSinceReplay, input.random));
  const dueAt = Math.max(scheduledAt, input.now + (askedMs ?? 0), slowDownUntil ?? 0);
  return {
    after: gone ? { state: 'retrying', dueAt } : retryOrFail(input, dueAt, counts),
    errorClass: error.class,
    errorDetail: error.detail,
    disable: gone ? 'gone' : null,
    counts,
    slowDownUntil,
    overloaded,
    sign: healthSign(error.class, status),
  };
}

/**
 * Whether the schedule would have come to this attempt. What came too many is tried again soon, which would use up all
 * attempts in a minute; so it uses them up no faster than failures do.
 */
function isOnSchedule({ attemptsSinceReplay, countedAt, now }: ClassifyInput): boolean {
  if (attemptsSinceReplay <= 1 || countedAt === null || countedAt === undefined) return true;
  return now - countedAt >= retryDelayMs(attemptsSinceReplay - 1, () => 0);
}

function retryOrFail(input: ClassifyInput, dueAt: number, counts: boolean): AfterAttempt {
  const { giveUpAfterMs } = input.settings.retry;
  const isTooLong = tooLongStatuses.has(input.result.statusCode);
  const maxAttempts = Math.min(
    input.settings.retry.maxAttempts,
    isTooLong ? attemptsTooLong : Number.POSITIVE_INFINITY,
  );
  if (counts && input.attemptsSinceReplay >= maxAttempts)
    return { state: 'failed', reason: 'attempts_exhausted' };
  if (isTooLate(giveUpAfterMs, input.acceptedAt, dueAt)) return gaveUp;
  return { state: 'retrying', dueAt };
}

/** Why this result is not a success; `null` when it is one. */
function whyNot(result: SendResult, success: WebhookSettings['success']): SendError | null {
  const { statusCode, error } = result;
  const wanted =
    statusCode !== null &&
    (success.codes === null ? statusCode >= 200 && statusCode < 300 : success.codes.includes(statusCode));
  if (error && !(wanted && error.class === 'redirect')) return error;
  if (!wanted && tooLongStatuses.has(statusCode))
    return { class: 'too_long', detail: tooLongDetail(statusCode) };
  if (!wanted) return { class: 'status', detail: statusDetail(result, success.codes) };
  if (success.bodyContains === null || answerText(result).includes(success.bodyContains)) return null;
  const where = result.truncated
    ? `the first ${Math.floor(result.body.length / 1024)} KiB of the body`
    : 'the body';
  const detail = `The endpoint answered ${statusCode}, but without "${success.bodyContains}" in ${where}.`;
  return { class: 'body_mismatch', detail };
}

function tooLongDetail(statusCode: number | null): string {
  return statusCode === 414
    ? 'The endpoint answered 414: the URL is too long for it. A GET carries every value in the URL, so use POST.'
    : 'The endpoint answered 431: the URL or the headers are too long for it. Too long for GET means: use POST; else send fewer or shorter custom headers.';
}

function statusDetail({ statusCode, retryAfter }: SendResult, codes: readonly number[] | null): string {
  if (statusCode === 410) return 'The endpoint answered 410 (gone), so the webhook is disabled.';
  const asked = retryAfter === null ? '' : ` and asked for a pause (Retry-After: ${retryAfter.slice(0, 40)})`;
  const only = codes === null ? 'a 2xx status' : `one of ${codes.join(', ')}`;
  return `The endpoint answered ${statusCode}${asked}; ${only} counts as delivered.`;
}
