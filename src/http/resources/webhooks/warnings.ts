import type { Webhook } from '../../../core/webhook.ts';
import { encodeFormText } from '../../../rendering/formats/form.ts';
import { urlProblem } from '../../../shared/url-problem.ts';
import type { Reach } from '../../reach/reach.ts';
import { checkHeaders } from './input/headers.ts';
import { checkParameterNames } from './input/names.ts';
import { namesTwice } from './input/query-names.ts';
import {
  createNeighboursOf,
  mostNeighbours,
  type Neighbours,
  type NeighboursOf,
  type WebhookBehaviour,
} from './neighbours.ts';

/** What a warning can be about, by its stable code. */
export const warningCodes = [
  'same_webhook',
  'number_beside_all',
  'url_may_grow_long',
  'url_too_long',
  'name_in_query',
  'not_valid_any_more',
] as const;

/** What is allowed but doubtful. */
export interface Warning {
  readonly code: (typeof warningCodes)[number];
  /** For people. */
  readonly message: string;
  /** What of the webhook it is about. */
  readonly path?: string;
}

/** Bytes of a URL that most servers take: nginx and Apache have 8 KiB for the line in which it stands. */
export const longestUrl = 8_000;
const longestInWords = longestUrl.toLocaleString('en');
/** What an id, a number or a time may take in a URL, in bytes. */
const usualValue = 100;

/** What is doubtful about a webhook, saved or not. */
export function warningsOf(webhook: WebhookBehaviour, neighbours: Neighbours): Warning[] {
  return [
    ...doubled(webhook, neighbours),
    ...longUrl(webhook),
    ...nameInQuery(webhook),
    ...notValid(webhook),
  ];
}

/** Finds the warnings of saved webhooks, for one answer: it looks once at what an account has. */
export function createWarner(reach: Reach): (webhook: Webhook) => Warning[] {
  const known = new Map<string, NeighboursOf>();
  return (webhook) => {
    const { accountId, id } = webhook;
    const find = known.get(accountId) ?? createNeighboursOf(reach.of(accountId).webhooks.registered());
    known.set(accountId, find);
    return warningsOf(webhook, find(webhook, id));
  };
}

/** The URL of a request that a preview or a test shows. */
export function warningsOfUrl(method: string, url: string): Warning[] {
  const bytes = Buffer.byteLength(url);
  if (method !== 'GET' || bytes <= longestUrl) return [];
  const message = `This URL has ${bytes.toLocaleString('en')} bytes; most servers take ${longestInWords} and answer 414 to more.`;
  return [{ code: 'url_too_long', message, path: 'url' }];
}

function doubled(webhook: WebhookBehaviour, { same, beside }: Neighbours): Warning[] {
  const warnings: Warning[] = [];
  if (same.length > 0) {
    const message = `${named(same)} the same reports to the same URL: each arrives more than once. Delete what is not needed.`;
    warnings.push({ code: 'same_webhook', message, path: 'url' });
  }
  if (beside.length > 0) {
    const message =
      webhook.productUniqueId === null
        ? `${named(beside)} reports of one number, which this webhook gets too: each of these goes to both.`
        : `${named(beside)} reports of every number, of this one too: each of these goes to both.`;
    warnings.push({ code: 'number_beside_all', message, path: 'productUniqueId' });
  }
  return warnings;
}

/** "The webhook wh_1 sends", "The webhooks wh_1, wh_2, wh_3 and 3 more send". */
function named(webhooks: readonly Webhook[]): string {
  const shown = webhooks
    .slice(0, 3)
    .map(({ id, status }) => (status === 'enabled' ? id : `${id} (disabled)`));
  const orMore = webhooks.length === mostNeighbours ? 'at least ' : '';
  const more = webhooks.length > 3 ? ` and ${orMore}${webhooks.length - 3} more` : '';
  return webhooks.length === 1
    ? `The webhook ${shown.join()} sends`
    : `The webhooks ${shown.join(', ')}${more} send`;
}

function hrefOf(url: string): string {
  return URL.parse(url)?.href ?? url;
}

function longUrl(webhook: WebhookBehaviour): Warning[] {
  if (webhook.method !== 'GET') return [];
  if (webhook.reportType === 'mo') {
    const message = webhook.settings.moMessage
      ? `By GET a message stands in the URL, and with the whole message beside it its text twice: most servers answer 414 to more than ${longestInWords} bytes, which some 300 emoji have. Take POST, JSON or XML, or leave "message" out.`
      : `By GET a message stands in the URL, and most servers answer 414 to more than ${longestInWords} bytes, which some 600 emoji have. Take POST, JSON or XML.`;
    return [{ code: 'url_may_grow_long', message, path: 'method' }];
  }
  const names = Object.values(webhook.parameterNames);
  const own = webhook.customParameters.map(
    ({ name, value }) => `&${encodeFormText(name)}=${encodeFormText(value)}`,
  );
  const bytes =
    hrefOf(webhook.url).length +
    own.join('').length +
    names.reduce((sum, name) => sum + encodeFormText(name).length + 2 + usualValue, 0);
  if (bytes <= longestUrl) return [];
  const message = `With its names and custom parameters the URL may have ${bytes.toLocaleString('en')} bytes; most servers take ${longestInWords} and answer 414 to more. Take POST, JSON or XML.`;
  return [{ code: 'url_may_grow_long', message, path: 'method' }];
}

function nameInQuery(webhook: WebhookBehaviour): Warning[] {
  return namesTwice(webhook).map(({ path, name }) => {
    const message =
      webhook.method === 'GET'
        ? `"${name}" is in the query of the URL too and is sent twice: many servers read the URL's. Rename one of them.`
        : `"${name}" is in the query of the URL too: some servers, those of Java among them, read that one first.`;
    return { code: 'name_in_query', message, path };
  });
}

/** What was taken once and would be refused now. */
function notValid(webhook: WebhookBehaviour): Warning[] {
  const found = new Map<string, Warning>();
  const report = (path: string, words: string) => {
    const message = `${words} It is sent as it is; the next change must mend it.`;
    if (!found.has(path)) found.set(path, { code: 'not_valid_any_more', message, path });
  };
  const problem = urlProblem(webhook.url);
  if (problem !== null) report('url', problem);
  checkParameterNames(webhook, report);
  checkHeaders(webhook, report);
  return [...found.values()];
}
