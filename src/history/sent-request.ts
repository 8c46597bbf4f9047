import type { ErrorClass } from '../core/delivery.ts';
import type { WebhookConfig } from '../core/webhook.ts';
import { compileWebhook } from '../rendering/compile.ts';
import { renderRequest } from '../rendering/render.ts';
import type { RenderedRequest } from '../rendering/request.ts';
import { signingKey } from '../rendering/sign.ts';
import type { PastSecret } from '../stores/ports/directory.ts';
import type { DeliveryWithEvent, StoredAttempt } from '../stores/ports/history.ts';

/** An attempt with all that its request was made from. */
export interface PastAttempt {
  readonly delivery: Pick<DeliveryWithEvent, 'id' | 'event'>;
  readonly attempt: Pick<StoredAttempt, 'startedAt' | 'errorClass'>;
  /** The webhook in the version that the attempt names. */
  readonly config: WebhookConfig;
  /** Every secret of the webhook, newest first. */
  readonly secrets: readonly PastSecret[];
}

export interface SentRequest {
  readonly request: RenderedRequest;
  /** The request is byte for byte the one that was sent. */
  readonly exact: boolean;
  /** What differs, or that it never went out; `null`: nothing to add. */
  readonly note: string | null;
}

/** An attempt that began so soon after a change of the secret may have been signed as before it, ms. */
const uncertainMs = 1_000;
/** What stands where a signature was made with a secret that is gone. */
const unknownSignature = 'v1,…';

/**
 * The request of an attempt, made again by the renderer that made it.
 * @throws for a configuration that cannot be compiled, which the attempt's error class `render` tells of
 */
export function renderAgain({ delivery, attempt, config, secrets }: PastAttempt): SentRequest {
  const { startedAt } = attempt;
  const signing = secrets.filter((secret) => signedAt(secret, startedAt));
  const request = renderRequest(compileWebhook(config), delivery.event, {
    id: delivery.id,
    timestampSeconds: Math.floor(startedAt / 1000),
    keys: signing.flatMap(({ secret }) => (secret === null ? [] : [signingKey(secret)])),
  });
  const differences = differencesOf(config, signing, secrets, startedAt);
  const notes = [...differences, ...(neverSent(attempt.errorClass) ? [notSentNote] : [])];
  return {
    request: withUnknown(request, signing),
    exact: differences.length === 0,
    note: notes.length === 0 ? null : notes.join(' '),
  };
}

function signedAt({ from, until }: PastSecret, at: number): boolean {
  return (from === null || from <= at) && (until === null || at < until);
}

function differencesOf(
  config: WebhookConfig,
  signing: readonly PastSecret[],
  secrets: readonly PastSecret[],
  at: number,
): string[] {
  const found: string[] = [];
  if (config.settings.batch) {
    found.push(
      'Reports of this webhook go out in lists; this is the report alone, with a signature of its own.',
    );
  }
  if (signing.length === 0 || signing.some(({ secret }) => secret === null)) {
    found.push('A signing secret of that time is gone, so its signature cannot be shown.');
  } else if (signing.some(({ from }, index) => from === null && index < signing.length - 1)) {
    found.push('It is not known since when each signing secret was in use, so the signature may differ.');
  } else if (
    secrets.slice(0, -1).some(({ from }) => from !== null && from <= at && at - from < uncertainMs)
  ) {
    found.push('The signing secret was changed at that moment, so the signature may differ.');
  }
  return found;
}

/** No connection came about, so nothing of the request left the gateway. */
const withoutConnection: readonly (ErrorClass | null)[] = [
  'dns',
  'refused',
  'tls',
  'timeout_connect',
  'blocked_address',
];
const notSentNote = 'No connection came about, so nothing of it was sent.';

function neverSent(errorClass: ErrorClass | null): boolean {
  return withoutConnection.includes(errorClass);
}

function withUnknown(request: RenderedRequest, signing: readonly PastSecret[]): RenderedRequest {
  const unknown = Math.max(
    signing.filter(({ secret }) => secret === null).length,
    signing.length === 0 ? 1 : 0,
  );
  if (unknown === 0) return request;
  const at = request.headers.lastIndexOf('webhook-signature') + 1;
  const signatures = [request.headers[at], ...Array<string>(unknown).fill(unknownSignature)];
  const headers = request.headers.with(at, signatures.filter(Boolean).join(' '));
  return { ...request, headers };
}
