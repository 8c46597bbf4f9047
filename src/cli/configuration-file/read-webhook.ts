import { joinPath } from '../../http/requests/json-path.ts';
import { parseWebhookConfig } from '../../http/resources/webhooks/input/parse.ts';
import { parseInstant } from '../../sources/http-api/instant.ts';
import type { ParsedWebhook } from './parsed.ts';
import { readHeaders, readSecrets, type SecretReading } from './read-secrets.ts';
import type { WebhookEntry } from './schema.ts';

export interface WebhookReading extends SecretReading {
  readonly refuseUrl: (url: string) => string | null;
  /** Nothing was found wrong there, or in it. */
  readonly isSound: (path: string) => boolean;
}

/** A webhook of a file, checked by every rule of the API that needs no look-up; `null` where something is wrong with it. */
export function readWebhookEntry(
  entry: WebhookEntry,
  path: string,
  reading: WebhookReading,
): ParsedWebhook | null {
  const { refuseUrl, report, isSound } = reading;
  const { id = null, status, disabledReason, signature = 'v1', createdAt, ...rest } = entry;
  const { secret: _secret, sealedSecrets: _sealed, ...body } = rest;
  const { headers, withoutValue } = readHeaders(entry, path, reading);
  const secrets = readSecrets(entry, path, reading);
  const parsed = parseWebhookConfig(
    headers === undefined ? body : { ...body, customHeaders: headers },
    refuseUrl,
  );
  if ('errors' in parsed) {
    for (const error of parsed.errors) report(under(path, error.path), error.message);
  }
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
    secrets,
    signature,
  };
}

function under(path: string, inner: string): string {
  if (inner === '') return path;
  return inner.startsWith('[') ? path + inner : `${path}.${inner}`;
}
