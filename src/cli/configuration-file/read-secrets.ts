import type { NameAndValue, SigningSecret } from '../../core/webhook.ts';
import { joinPath } from '../../http/requests/json-path.ts';
import { secretProblem } from '../../rendering/signing-secret.ts';
import { parseInstant } from '../../sources/http-api/instant.ts';
import type { WebhookEntry } from './schema.ts';
import { headerContext, secretContext } from './sealing.ts';

export interface SecretReading {
  readonly report: (path: string, message: string) => void;
  /** Opens what is sealed, or reports at `path` why not. */
  readonly open: (sealed: string, context: string, path: string) => string | null;
}

const noId = 'needs the "id" of the webhook that it was sealed for.';

/** A webhook's signing secrets, newest first; `null` where the file has none, or none that can be read. */
export function readSecrets(
  { id, secret, sealedSecrets }: WebhookEntry,
  path: string,
  { report, open }: SecretReading,
): readonly SigningSecret[] | null {
  if (typeof secret === 'string') {
    const problem = secretProblem(secret);
    if (problem !== null) report(`${path}.secret`, problem);
    else if (sealedSecrets) report(`${path}.secret`, 'cannot stand beside "sealedSecrets".');
    return [{ secret, expiresAt: null }];
  }
  if (!Array.isArray(sealedSecrets)) return null;
  return sealedSecrets.flatMap((entry: Partial<SealedSecret> | null, index): SigningSecret[] => {
    const at = `${path}.${joinPath('sealedSecrets', index)}`;
    if (typeof entry?.sealed !== 'string') return [];
    if (id === undefined) {
      report(`${at}.sealed`, noId);
      return [];
    }
    const { expiresAt: end } = entry;
    if (index === 0 && end !== undefined) report(`${at}.expiresAt`, 'is for those after the first only.');
    if (index > 0 && end === undefined) report(`${at}.expiresAt`, 'is required after the first.');
    const opened = open(entry.sealed, secretContext(id), `${at}.sealed`);
    if (opened === null) return [];
    const problem = secretProblem(opened);
    if (problem !== null) report(`${at}.sealed`, problem);
    return [{ secret: opened, expiresAt: typeof end === 'string' ? parseInstant(end) : null }];
  });
}

type SealedSecret = NonNullable<WebhookEntry['sealedSecrets']>[number];
type HeaderEntry = NonNullable<WebhookEntry['customHeaders']>[number];

/**
 * A webhook's headers with what was sealed opened, and with an empty value where there is none, so that everything else
 * about them is checked. What has another shape stays as it is.
 */
export function readHeaders(
  { id, customHeaders: given }: WebhookEntry,
  path: string,
  { report, open }: SecretReading,
): { readonly headers: unknown; readonly withoutValue: ReadonlySet<string> } {
  const withoutValue = new Set<string>();
  if (!Array.isArray(given)) return { headers: given, withoutValue };

  function readValue({ name, value, sealed }: HeaderEntry, at: string): string | null {
    if (typeof sealed !== 'string') return value ?? null;
    if (value !== undefined) report(`${at}.value`, 'cannot stand beside "sealed".');
    else if (id === undefined) report(`${at}.sealed`, noId);
    else return open(sealed, headerContext(id, name), `${at}.sealed`);
    return null;
  }

  const headers = given.map((header: HeaderEntry | null, index) => {
    if (typeof header !== 'object' || header === null || typeof header.name !== 'string') return header;
    const value = readValue(header, `${path}.${joinPath('customHeaders', index)}`);
    if (value === null) withoutValue.add(header.name.toLowerCase());
    const { sealed: _sealed, ...rest } = header;
    return { ...rest, value: value ?? '' } satisfies NameAndValue;
  });
  return { headers, withoutValue };
}
