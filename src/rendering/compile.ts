import { version } from '../core/version.ts';
import type { WebhookConfig } from '../core/webhook.ts';
import { createDlrWriter } from './fields.ts';
import type { Format, ObjectWriter } from './formats/format.ts';
import { openQuery } from './formats/get.ts';
import { formatFor } from './formats/index.ts';
import { createFlatMoWriter } from './mo-flat.ts';
import { createWhatsappMoWriter } from './mo-whatsapp.ts';
import { createOperationsWriter } from './operations.ts';

/** A webhook's configuration with all that is the same for every event worked out; made once per version. */
export interface CompiledWebhook {
  readonly config: WebhookConfig;
  /** scheme, host and port: `https://example.com` */
  readonly origin: string;
  readonly method: 'GET' | 'POST';
  /** Path and the URL's own query; for GET ready for further query fields (`/dlr?`, `/dlr?a=1&`). */
  readonly path: string;
  /** Name, value, name, value … without the signature's. */
  readonly headers: readonly string[];
  readonly format: Format;
  /** Writes one event, without what surrounds it in the body. */
  readonly writeObject: ObjectWriter;
  /** Makes the body from a list of objects; `null`: a request carries one object, and no list around it. */
  readonly list: Format['list'];
}

/**
 * Prepares a checked configuration for rendering. The URL's fragment and credentials are dropped.
 * @throws TypeError for a URL, RangeError for a time zone that cannot be read
 */
export function compileWebhook(config: WebhookConfig): CompiledWebhook {
  const url = new URL(config.url);
  const format = formatFor(config.method, config.reportType);
  const isGet = config.method === 'GET';
  return {
    config,
    origin: url.origin,
    method: isGet ? 'GET' : 'POST',
    path: isGet ? openQuery(url) : url.pathname + url.search,
    headers: baseHeaders(config, format.contentType),
    format,
    writeObject: objectWriter(config, format),
    list: config.settings.batch ? format.list : null,
  };
}

function objectWriter(config: WebhookConfig, format: Format): ObjectWriter {
  if (config.reportType === 'operations') return createOperationsWriter(config);
  if (config.reportType === 'dlr') return createDlrWriter(config, format);
  return config.method === 'JSON' && config.settings.moFormat === 'whatsapp'
    ? createWhatsappMoWriter(config)
    : createFlatMoWriter(config, format);
}

/**
 * Content type, `accept` and `accept-encoding` unless custom headers set them, user agent, custom headers. Some servers
 * answer 406 to a request without `accept`, and some compress what does not say that it wants no such thing.
 */
function baseHeaders(config: WebhookConfig, contentType: string | null): string[] {
  const own = new Set(config.customHeaders.map(({ name }) => name.toLowerCase()));
  const headers: string[] = [];
  if (contentType !== null && !own.has('content-type')) headers.push('content-type', contentType);
  headers.push('user-agent', `Hookwire/${version}`);
  if (!own.has('accept')) headers.push('accept', '*/*');
  if (!own.has('accept-encoding')) headers.push('accept-encoding', 'identity');
  for (const { name, value } of config.customHeaders) headers.push(name, value);
  return headers;
}
