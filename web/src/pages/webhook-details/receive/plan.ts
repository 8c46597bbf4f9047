/** What of a webhook decides how its requests are read. */
export interface ReceivedWebhook {
  readonly product: 'sms' | 'whatsapp' | 'hookwire';
  readonly reportType: 'dlr' | 'mo' | 'operations';
  readonly method: 'GET' | 'POST' | 'JSON' | 'XML';
  readonly url: string;
  readonly parameterNames: Readonly<Record<string, string | undefined>>;
  readonly customParameters: readonly { readonly name: string }[];
  readonly settings: {
    readonly moFormat?: 'whatsapp' | 'flat';
    readonly batch: object | null;
    readonly success?: { readonly codes: readonly number[] | null; readonly bodyContains: string | null };
  };
}

/** A value of a report: what the program calls it, and the name under which it travels. */
export interface ReceivedField {
  readonly key: string;
  readonly name: string;
}

/** What a receiver has to do, the same for every language. */
export interface ReceiverPlan {
  /** "SMS delivery reports" */
  readonly reports: string;
  /** Scheme, host and path, safe to stand in a comment of any language. */
  readonly url: string;
  /** How the payload is written; `query` has no body, its payload is the raw query string. */
  readonly format: 'query' | 'form' | 'json' | 'xml';
  /** Flat names and values, Meta's `value` object, or an operational event. */
  readonly shape: 'fields' | 'meta' | 'operations';
  /** A request carries a list of reports. */
  readonly many: boolean;
  /** The values that the program reads by name, in the order of sending. */
  readonly fields: readonly ReceivedField[];
  /** What counts as delivered. */
  readonly answer: { readonly status: number; readonly body: string };
  /** A longer body is refused. */
  readonly maxBytes: number;
  readonly signature: SignatureKind;
}

/** HMAC-SHA256 with a shared secret, or Ed25519 with a public key. */
export type SignatureKind = 'v1' | 'v1a';

const flatMoFields = [
  ...['wabaNumber', 'messageId', 'mobileNumber', 'profileName', 'receivedTime'],
  ...['type', 'text', 'replyId', 'replyTitle', 'mediaId', 'mediaUrl', 'mimeType', 'contextMessageId'],
];
const dlrFields = [
  ...['transactionId', 'messageId', 'errorCode', 'mobileNumber'],
  ...['receivedTime', 'deliveredTime', 'readTime', 'status'],
];
const formats = { GET: 'query', POST: 'form', JSON: 'json', XML: 'xml' } as const;
const products = { sms: 'SMS', whatsapp: 'WhatsApp', hookwire: 'Alerts' } as const;

export function planOf(webhook: ReceivedWebhook, signature: SignatureKind = 'v1'): ReceiverPlan {
  const { product, reportType, method, settings } = webhook;
  const own = ownFields(webhook);
  const meta = reportType === 'mo' && method === 'JSON' && settings.moFormat !== 'flat';
  return {
    reports: {
      dlr: `${products[product]} delivery reports`,
      mo: `inbound ${products[product]} messages`,
      operations: 'alerts',
    }[reportType],
    url: plainUrl(webhook.url),
    format: formats[method],
    shape: reportType === 'operations' ? 'operations' : meta ? 'meta' : 'fields',
    many: settings.batch !== null,
    fields: meta ? customFields(webhook, metaKeys) : [...own, ...customFields(webhook, keysOf(own))],
    answer: answerOf(settings.success),
    maxBytes: (settings.batch === null ? 1 : 64) * 1024 * 1024,
    signature,
  };
}

function ownFields({ reportType, parameterNames }: ReceivedWebhook): ReceivedField[] {
  if (reportType === 'operations') return [];
  if (reportType === 'mo') return flatMoFields.map((name) => ({ key: name, name }));
  return dlrFields.flatMap((key) => {
    const name = parameterNames[key];
    return name === undefined ? [] : [{ key, name }];
  });
}

/** What the program shows of a message in Meta's shape. */
const metaKeys = ['wabaNumber', 'messageId', 'mobileNumber', 'type', 'text'];

function keysOf(fields: readonly ReceivedField[]): string[] {
  return fields.map(({ key }) => key);
}

/** A custom parameter is shown by its name, unless something else is shown by that already: Go takes no key twice. */
function customFields({ customParameters }: ReceivedWebhook, shown: readonly string[]): ReceivedField[] {
  const taken = new Set(['webhookId', ...shown]);
  return customParameters.map(({ name }) => {
    let key = name;
    while (taken.has(key)) key = `custom ${key}`;
    taken.add(key);
    return { key, name };
  });
}

/** A status that counts as delivered; one that may have a body where the body must say something. */
function answerOf(success: ReceivedWebhook['settings']['success']): ReceiverPlan['answer'] {
  const { codes = null, bodyContains = null } = success ?? {};
  const status = codes === null || codes.includes(200) ? 200 : (codes.find(hasBody) ?? codes[0] ?? 200);
  return { status, body: hasBody(status) ? (bodyContains ?? 'ok') : '' };
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 205;
}

function plainUrl(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return origin + pathname;
  } catch {
    return '';
  }
}

/** How a program is given what it checks signatures by, in a comment. */
export function keyWords({ signature }: ReceiverPlan, dots = '…'): string {
  return signature === 'v1' ? `WEBHOOK_SECRET=whsec_${dots}` : `WEBHOOK_PUBLIC_KEY=whpk_${dots}`;
}

/** What is checked, in a comment. */
export const signatureWords: { readonly [K in SignatureKind]: string } = {
  v1: 'Standard Webhooks: "v1," and HMAC-SHA256 over id.timestamp.payload in base64.',
  v1a: 'Standard Webhooks: "v1a," and Ed25519 over id.timestamp.payload in base64.',
};

/** The methods in words, for a program's first line. */
export const formatWords: { readonly [F in ReceiverPlan['format']]: string } = {
  query: 'GET with a query string',
  form: 'POST with a form',
  json: 'POST with JSON',
  xml: 'POST with XML',
};
