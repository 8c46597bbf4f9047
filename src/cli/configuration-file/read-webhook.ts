import type { NameAndValue } from '../../core/webhook.ts';
import { joinPath } from '../../http/requests/json-path.ts';
import { parseWebhookConfig } from '../../http/resources/webhooks/input/parse.ts';
import { secretProblem } from '../../rendering/signing-secret.ts';
import { parseInstant } from '../../sources/http-api/instant.ts';
import type { ParsedWebhook } from './parsed.ts';
import type { WebhookEntry } from './schema.ts';

export interface WebhookReading {
  readonly refuseUrl: (url: string) => string | null;
  readonly report: (path: string, message: string) => void;
  /** Nothing was found wrong there, or in it. */
  readonly isSound: (path: string) => boolean;
}

/** A webhook of a file, checked by every rule of the API that needs no look-up; `null` where something is wrong with it. */
export function readWebhookEntry(
  entry: WebhookEntry,
  path: string,
  { refuseUrl, report, isSound }: WebhookReading,
): ParsedWebhook | null {
  const { id = null, status, disabledReason, signature = 'v1', secret, createdAt, ...body } = entry;
  const { headers, withoutValue } = completeHeaders(body.customHeaders);
  const parsed = parseWebhookConfig(
    headers === undefined ? body : { ...body, customHeaders: headers },
    refuseUrl,
  );
  if ('errors' in parsed) {
    for (const error of parsed.errors) report(under(path, error.path), error.message);
  }
  const problem = typeof secret === 'string' ? secretProblem(secret) : null;
  if (problem !== null) report(joinPath(path, 'secret'), problem);
  if (disabledReason && status !== 'disabled') {
    report(joinPath(path, 'disabledReason'), 'is for "status": "disabled" only.');
  }
  if ('errors' in parsed || !isSound(path)) return null;
  return {
    path,
    id,
    createdAt: createdAt === undefined ? null : parseInstant(createdAt),
    config: parsed.config,
    headersWithoutValue: withoutValue,
    status: status
      ? { status, disabledReason: status === 'disabled' ? (disabledReason ?? 'by_user') : null }
      : null,
    secrets: secret === undefined ? null : [{ secret, expiresAt: null }],
    signature,
  };
}

/** With an empty value where there is none, so that everything else about them is checked. */
function completeHeaders(given: unknown): {
  readonly headers: unknown;
  readonly withoutValue: ReadonlySet<string>;
} {
  const withoutValue = new Set<string>();
  if (!Array.isArray(given)) return { headers: given, withoutValue };
  const headers = given.map((header: Partial<NameAndValue> | null) => {
    if (typeof header !== 'object' || header === null || header.value !== undefined) return header;
    if (typeof header.name === 'string') withoutValue.add(header.name.toLowerCase());
    return { ...header, value: '' };
  });
  return { headers, withoutValue };
}

function under(path: string, inner: string): string {
  if (inner === '') return path;
  return inner.startsWith('[') ? path + inner : `${path}.${inner}`;
}
