import type { Clock } from '../core/clock.ts';
import type { AttemptRecord, QueuedDelivery } from '../core/delivery.ts';
import type { WebhookSettings } from '../core/webhook.ts';
import type { CompiledWebhook } from '../rendering/compile.ts';
import { renderRequest } from '../rendering/render.ts';
import type { RenderedRequest } from '../rendering/request.ts';
import type { SigningKey } from '../rendering/sign.ts';
import { classify, type Verdict } from './classify.ts';
import type { Channel } from './send/channel.ts';
import type { SendResult } from './send/send-result.ts';

/** How much of an answer's body an attempt's record keeps, in bytes. */
export const recordedBodyBytes = 2_048;

/** A webhook as an attempt needs it: its configuration compiled, its keys ready, its connections open. */
export interface Endpoint {
  readonly version: number;
  readonly compiled: CompiledWebhook;
  readonly settings: WebhookSettings;
  keysAt(now: number): readonly SigningKey[];
  readonly channel: Channel;
}

export interface AttemptOutcome {
  readonly record: AttemptRecord;
  readonly verdict: Verdict;
}

/** One attempt: render → sign → send → classify. Never rejects. */
export async function attempt(
  endpoint: Endpoint,
  delivery: QueuedDelivery,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): Promise<AttemptOutcome> {
  const now = clock.now();
  const request = render(endpoint, delivery, now);
  const result =
    'error' in request ? request : await endpoint.channel.send(request, endpoint.settings.timeoutMs);
  const verdict = classify({
    result,
    settings: endpoint.settings,
    attemptsSinceReplay: delivery.attemptsSinceReplay + 1,
    acceptedAt: delivery.acceptedAt,
    now: clock.now(),
    random,
  });
  return { verdict, record: recordOf(endpoint, delivery, result, verdict) };
}

/** The request, or why there is none: the webhook's configuration cannot be used. */
function render(endpoint: Endpoint, delivery: QueuedDelivery, now: number): RenderedRequest | SendResult {
  try {
    return renderRequest(endpoint.compiled, delivery.event, {
      id: delivery.id,
      timestampSeconds: Math.floor(now / 1000),
      keys: endpoint.keysAt(now),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      startedAt: now,
      durationMs: 0,
      statusCode: null,
      headers: [],
      retryAfter: null,
      body: Buffer.alloc(0),
      truncated: false,
      error: { class: 'render', detail: `The request could not be made: ${why}` },
      resent: false,
    };
  }
}

function recordOf(
  endpoint: Endpoint,
  delivery: QueuedDelivery,
  result: SendResult,
  verdict: Verdict,
): AttemptRecord {
  return {
    deliveryId: delivery.id,
    webhookId: delivery.webhookId,
    webhookVersion: endpoint.version,
    number: delivery.attempts + 1,
    manual: delivery.manual,
    startedAt: result.startedAt,
    durationMs: result.durationMs,
    statusCode: result.statusCode,
    errorClass: verdict.errorClass,
    errorDetail: verdict.errorDetail,
    responseBody: result.body.length === 0 ? null : result.body.toString('utf8', 0, recordedBodyBytes),
    after: verdict.after,
    ordered: delivery.ordered,
  };
}
