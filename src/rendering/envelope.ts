import type { CompiledWebhook } from './compile.ts';
import type { RenderedRequest } from './request.ts';
import { type SigningKey, signatureHeader } from './sign.ts';

/** Who signs, and as what. */
export interface Signing {
  /**
   * The `webhook-id`: the same for every attempt and replay of a delivery, and for every attempt of a batch as long as
   * it has the same reports in the same order.
   */
  readonly id: string;
  /** The `webhook-timestamp`: seconds since the Unix epoch, a whole number. */
  readonly timestampSeconds: number;
  /** The current secret's key and, while a rotation overlaps, the previous one's; at least one. */
  readonly keys: readonly SigningKey[];
}

/** Puts a document into a signed request: as the body, for GET as the end of the query. */
export function sealRequest(compiled: CompiledWebhook, document: string, signing: Signing): RenderedRequest {
  const { method, origin } = compiled;
  const path = method === 'GET' ? compiled.path + document : compiled.path;
  const payload = method === 'GET' ? path.slice(path.indexOf('?') + 1) : document;
  const headers = [
    ...compiled.headers,
    'webhook-id',
    signing.id,
    'webhook-timestamp',
    String(signing.timestampSeconds),
    'webhook-signature',
    signatureHeader(signing.keys, signing.id, signing.timestampSeconds, payload),
  ];
  return { method, origin, path, headers, body: method === 'GET' ? null : document };
}
