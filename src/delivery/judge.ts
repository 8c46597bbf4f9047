import type { AttemptRecord, QueuedDelivery } from '../core/delivery.ts';
import { classify, type Verdict } from './classify.ts';
import type { Endpoint } from './endpoints.ts';
import type { ListLimits } from './lanes/list-limits.ts';
import type { Deliveries } from './make-request.ts';
import { gaveUp, isTooLate } from './retry-policy.ts';
import { answerText } from './send/answer-text.ts';
import type { SendResult } from './send/send-result.ts';

/** How much of an answer's body an attempt's record keeps, in bytes. */
export const recordedBodyBytes = 2_048;

/** What came of a request. */
export interface Judgement {
  /** What the answer says about the endpoint. */
  readonly verdict: Verdict;
  /** One per delivery, in their order. */
  readonly records: readonly AttemptRecord[];
}

export interface Answered {
  /** When it was signed, so that the request can be made again. */
  readonly startedAt: number;
  readonly result: SendResult;
  /** Of the body that was sent; needed of lists only. */
  readonly bytes: number;
  readonly now: number;
  readonly random: () => number;
}

/**
 * Classifies what a request was answered, for each of its deliveries. They share the outcome; those that were tried equally
 * often are due again at the same time, so that they stay together. A list that is refused for what is in it is halved.
 */
export function judge(
  endpoint: Endpoint,
  deliveries: Deliveries,
  { startedAt, result, bytes, now, random }: Answered,
  lists: ListLimits,
): Judgement {
  const drawn = random();
  // Once for all reports of a list: a compressed body costs up to a millisecond.
  const responseBody = result.body.length === 0 ? null : answerText(result, recordedBodyBytes);
  const outcomes = deliveries.map((delivery) => {
    const verdict = classify({
      result,
      settings: endpoint.settings,
      attemptsSinceReplay: delivery.attemptsSinceReplay + 1,
      countedAt: delivery.countedAt ?? null,
      acceptedAt: delivery.acceptedAt,
      now,
      random: () => drawn,
    });
    return { verdict, record: recordOf(endpoint, delivery, startedAt, result, responseBody, verdict) };
  });
  const [{ verdict }] = outcomes as [(typeof outcomes)[number]];
  const isList = deliveries.length > 1;
  if (verdict.sign === 'well') lists.took(bytes);
  if (isList && result.statusCode === 413) lists.tooLarge(bytes);
  const isHalved = isList && isOfTheReports(verdict) && lists.halve(now);
  const records = outcomes.map(({ record }, i) =>
    isHalved ? halved(record, deliveries, i, endpoint, now) : record,
  );
  return { verdict, records };
}

/** The endpoint refuses something in the list, rather than the address, the URL or the headers. */
function isOfTheReports({ sign, errorClass, disable }: Verdict): boolean {
  return sign === 'refused' && errorClass !== 'too_long' && disable === null;
}

/**
 * A refused list says of none of its reports that it was at fault, so it uses up no attempt, and the halves go at once. How
 * large they are is recorded with the delivery, so that they are the same after a restart.
 */
function halved(
  record: AttemptRecord,
  deliveries: readonly QueuedDelivery[],
  i: number,
  { settings }: Endpoint,
  now: number,
): AttemptRecord {
  const isLate = isTooLate(settings.retry.giveUpAfterMs, deliveries[i]?.acceptedAt ?? now, now);
  const listMost = Math.ceil(deliveries.length / 2);
  if (isLate) return { ...record, after: gaveUp, counts: false, listMost };
  return { ...record, after: { state: 'retrying', dueAt: now }, counts: false, listMost, isHalved: true };
}

function recordOf(
  endpoint: Endpoint,
  delivery: QueuedDelivery,
  startedAt: number,
  result: SendResult,
  responseBody: string | null,
  verdict: Verdict,
): AttemptRecord {
  return {
    deliveryId: delivery.id,
    webhookId: delivery.webhookId,
    webhookVersion: endpoint.version,
    number: delivery.attempts + 1,
    manual: delivery.manual,
    // When it was signed, so that the request can be made again.
    startedAt,
    durationMs: result.durationMs,
    statusCode: result.statusCode,
    errorClass: verdict.errorClass,
    errorDetail: verdict.errorDetail,
    responseBody,
    after: verdict.after,
    ...(!verdict.counts && { counts: false }),
    ...(typeof delivery.listMost === 'number' && { listMost: delivery.listMost }),
    ordered: delivery.ordered,
  };
}
