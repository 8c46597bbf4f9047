/** What people call the fields of the API that forms and filters have; a step of a path each. */
const names: Readonly<Record<string, string>> = {
  accountId: 'account',
  batch: 'reports in one request',
  bodyContains: 'text in the answer',
  codes: 'status codes',
  currentPassword: 'current password',
  customHeaders: 'custom headers',
  customParameters: 'custom parameters',
  deliveredTime: 'delivered time',
  email: 'e-mail address',
  errorClass: 'error',
  errorCode: 'error code',
  expiresInSeconds: 'seconds until it expires',
  from: 'from',
  giveUpAfterMs: 'give up after',
  grantsAccess: 'may give access',
  maxAttempts: 'attempts',
  maxBytes: 'largest request',
  maxConcurrency: 'requests at a time',
  maxItems: 'reports in one request',
  maxWaitMs: 'longest wait',
  message: 'message',
  messageId: 'message ID',
  method: 'Webhook Server Send Method',
  mobileFormat: 'number format',
  mobileNumber: 'mobile number',
  moFormat: 'message format',
  moMessage: 'whole message',
  newPassword: 'new password',
  ordered: 'order',
  overlapHours: 'hours of overlap',
  parameterNames: 'Required Parameters',
  product: 'product',
  productUniqueId: 'Waba Number',
  profileName: 'profile name',
  ratePerSecond: 'requests a second',
  readTime: 'read time',
  receivedTime: 'received time',
  reportType: 'Webhook Report Type',
  sentTime: 'sent time',
  sessionMinutes: 'minutes of the stay',
  state: 'state',
  states: 'states',
  statusCode: 'status code',
  statuses: 'statuses',
  success: 'what counts as delivered',
  timeFormat: 'time format',
  timeoutMs: 'timeout',
  timeZone: 'time zone',
  to: 'until',
  transactionId: 'transaction ID',
  url: 'Webhook (URL Endpoint)',
  userId: 'user ID',
  webhookId: 'webhook',
};

const rows: Readonly<Record<string, string>> = {
  customHeaders: 'custom header',
  customParameters: 'custom parameter',
};

/**
 * What people call the place that a path of the API names: "custom header 2, name" for `customHeaders[1].name`. What has
 * no name here is taken apart into words, so that nobody reads a field of the API.
 */
export function fieldWords(path: string): string {
  const row = /^(customHeaders|customParameters)\[(\d+)\](?:\.(name|value))?$/.exec(path);
  if (row) {
    const [, root = '', index, part] = row;
    return `${rows[root]} ${Number(index) + 1}${part === undefined ? '' : `, ${part}`}`;
  }
  const steps = path.replace(/\[\d+\]/g, '').split('.');
  const last = steps.at(-1) ?? path;
  if (steps[0] === 'parameterNames' && steps.length > 1)
    return `${capitals(names[last] ?? apart(last))} Parameter`;
  return names[last] ?? apart(last);
}

/** As the beginning of a line: "Custom header 2, name". */
export function fieldHeading(path: string): string {
  const words = fieldWords(path);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const paths = /\b(?:customHeaders|customParameters|parameterNames|settings)(?:\[\d+\])?(?:\.[A-Za-z]+)*/g;
const fields = /"?\b([a-z]+(?:[A-Z][a-z]*)+)\b"?/g;

/** A sentence of the API as a person reads it: without the names of its fields. */
export function plainWords(sentence: string): string {
  return sentence
    .replace(paths, (path) => fieldWords(path))
    .replace(fields, (whole, name: string) => names[name] ?? whole);
}

/** `webhooksOfAccount` → "webhooks of account". */
function apart(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

/** "message ID" → "Message ID". */
function capitals(words: string): string {
  return words.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
