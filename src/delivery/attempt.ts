import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { AttemptRecord, QueuedDelivery } from '../core/delivery.ts';
import type { Shortage } from '../core/shortage.ts';
import type { WebhookSettings } from '../core/webhook.ts';
import type { CompiledWebhook } from '../rendering/compile.ts';
import type { Signing } from '../rendering/envelope.ts';
import { renderBatch, renderRequest } from '../rendering/render.ts';
import type { RenderedRequest } from '../rendering/request.ts';
import type { SigningKey } from '../rendering/sign.ts';
import { classify, type Verdict } from './classify.ts';
import type { ListLimits } from './lanes/list-limits.ts';
import { gaveUp, isTooLate } from './retry-policy.ts';
import { answerText } from './send/answer-text.ts';
import type { Channel } from './send/channel.ts';
import { notSent, type SendResult } from './send/send-result.ts';

/** How much of an answer's body an attempt's record keeps, in bytes. */
export const recordedBodyBytes = 2_048;

/** A webhook as an attempt needs it: its configuration compiled, its keys ready, its connections open. */
export interface Endpoint {
  readonly version: number;
  readonly compiled: CompiledWebhook;
  /** Host and port of its URL. */
  readonly host: string;
  readonly settings: WebhookSettings;
  keysAt(now: number): readonly SigningKey[];
  readonly channel: Channel;
}

/** What came of an attempt, or what the machine was short of, so that it was none. */
export type AttemptOutcome =
  | { readonly shortage: Shortage }
  | {
      readonly shortage: null;
      /** One per delivery, in their order. */
      readonly records: readonly AttemptRecord[];
      /** What the answer says about the endpoint. */
      readonly verdict: Verdict;
    };

export interface AttemptContext {
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * One attempt: render → sign → send → classify. Several deliveries (of a webhook with `batch`) go in one request and
 * share its outcome; those that were tried equally often are due again at the same time, so that they stay together.
 * Never rejects.
 */
export async function attempt(
  endpoint: Endpoint,
  deliveries: readonly [QueuedDelivery, ...QueuedDelivery[]],
  { clock, random }: AttemptContext,
  lists: ListLimits | null = null,
): Promise<AttemptOutcome> {
  const startedAt = clock.now();
  const { result, bytes } = await send(endpoint, deliveries, startedAt);
  if (result.shortage) return { shortage: result.shortage };
  const now = clock.now();
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
  const [first] = outcomes as [(typeof outcomes)[number]];
  const isList = deliveries.length > 1;
  if (first.verdict.sign === 'well') lists?.took(bytes);
  if (isList && result.statusCode === 413) lists?.tooLarge(bytes);
  if (isList && isOfTheReports(first.verdict) && lists?.halve(now)) {
    const records = outcomes.map(({ record }, i) => halved(record, deliveries, i, endpoint, now));
    return { shortage: null, verdict: first.verdict, records };
  }
  return { shortage: null, verdict: first.verdict, records: outcomes.map(({ record }) => record) };
}

async function send(
  endpoint: Endpoint,
  deliveries: readonly [QueuedDelivery, ...QueuedDelivery[]],
  startedAt: number,
): Promise<{ readonly result: SendResult; readonly bytes: number }> {
  let request: RenderedRequest;
  try {
    request = render(endpoint, deliveries, startedAt);
  } catch (error) {
    // Rendering is made never to throw; should it, the delivery's history says so and nothing else stands still.
    const detail = `The request could not be made: ${String(error)}`;
    return { result: notSent(startedAt, { class: 'render', detail }), bytes: 0 };
  }
  const result = await endpoint.channel.send(request, endpoint.settings.timeoutMs);
  return { result, bytes: deliveries.length > 1 ? Buffer.byteLength(request.body ?? '') : 0 };
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

function render(
  endpoint: Endpoint,
  deliveries: readonly [QueuedDelivery, ...QueuedDelivery[]],
  startedAt: number,
): RenderedRequest {
  const signing: Signing = {
    id: requestId(deliveries),
    timestampSeconds: Math.floor(startedAt / 1000),
    keys: endpoint.keysAt(startedAt),
  };
  if (deliveries.length === 1) return renderRequest(endpoint.compiled, deliveries[0].event, signing);
  const events = deliveries.map(({ event }) => event);
  return renderBatch(endpoint.compiled, events, signing);
}

/** The `webhook-id`: the delivery's, or for several one that is the same whenever the same ones go together. */
function requestId(deliveries: readonly [QueuedDelivery, ...QueuedDelivery[]]): string {
  if (deliveries.length === 1) return deliveries[0].id;
  const ids = deliveries.map(({ id }) => id).join(' ');
  return `bat_${createHash('sha256').update(ids).digest('hex').slice(0, 24)}`;
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
