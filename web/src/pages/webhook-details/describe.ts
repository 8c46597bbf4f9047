import { scheduledPauseMs } from '#shared/retry-schedule.ts';
import type { Webhook } from '../../api/webhooks.ts';

/** A part of a webhook's configuration, as a person would say it. */
export interface Description {
  readonly title: string;
  readonly sentences: readonly string[];
}

/** How it sends, in words, most important first; what it is for, where to and with which names is shown beside it. */
export function describeWebhook(webhook: Webhook): readonly Description[] {
  return [
    { title: 'What a report looks like', sentences: contentWords(webhook) },
    { title: 'When it counts as delivered', sentences: [successWords(webhook)] },
    { title: 'When it does not', sentences: retryWords(webhook) },
    { title: 'How fast', sentences: paceWords(webhook) },
  ].filter(({ sentences }) => sentences.length > 0);
}

function contentWords({ reportType, method, settings }: Webhook): string[] {
  const words: string[] = [];
  if (settings.statuses) words.push(`Only these are sent: ${listOf(settings.statuses, 'and')}.`);
  if (reportType === 'mo') {
    words.push(
      method === 'JSON' && settings.moFormat === 'whatsapp'
        ? "A message comes as WhatsApp's own object, as Meta sends it."
        : 'A message comes flat: one value for each name.',
    );
  }
  if (settings.batch) {
    const { maxItems, maxWaitMs, maxBytes } = settings.batch;
    const size = maxBytes === undefined ? '' : ` of at most ${Math.round(maxBytes / 1_024)} KiB`;
    words.push(
      `Up to ${maxItems} reports go in one request${size}, as a list; the first waits at most ${durationWords(maxWaitMs)} for others.`,
    );
  }
  if (reportType !== 'operations') words.push(formatWords(settings));
  return words;
}

const timeWords: { readonly [F in Webhook['settings']['timeFormat']]: (zone: string) => string } = {
  iso: (zone) => `ISO 8601 in ${zone}`,
  epochSeconds: () => 'seconds since 1970',
  epochMilliseconds: () => 'milliseconds since 1970',
  'YYYY-MM-DD HH:mm:ss': (zone) => `YYYY-MM-DD HH:mm:ss in ${zone}`,
};

function formatWords({ timeFormat, timeZone, mobileFormat }: Webhook['settings']): string {
  const numbers = mobileFormat === 'digits' ? 'digits only' : 'digits with a plus sign before them';
  return `Times are ${timeWords[timeFormat](timeZone)}; phone numbers are ${numbers}.`;
}

export function successWords({ settings }: Webhook): string {
  const { codes = null, bodyContains = null } = settings.success ?? {};
  const code = codes === null ? 'any 2xx status' : `status ${listOf(codes.map(String), 'or')}`;
  const body = bodyContains === null ? '' : ` and a body that contains “${bodyContains}”`;
  return `The endpoint answers with ${code}${body} within ${durationWords(settings.timeoutMs)}.`;
}

/** How long it goes on from the first attempt to the last, ms. */
export function retrySpanMs(maxAttempts: number): number {
  let span = 0;
  for (let attempt = 1; attempt < maxAttempts; attempt++) span += scheduledPauseMs(attempt);
  return span;
}

export function retryWords({ settings }: Webhook): string[] {
  const { maxAttempts = 11, giveUpAfterMs = null } = settings.retry ?? {};
  const retries = maxAttempts - 1;
  const giveUp =
    giveUpAfterMs === null
      ? ''
      : ` No attempt starts later than ${durationWords(giveUpAfterMs)} after the report was accepted.`;
  const words = [`${againWords(retries, maxAttempts)}${retries === 0 ? '' : giveUp}`];
  if (settings.ordered) {
    words.push("One message's reports go strictly one after another: later ones wait meanwhile.");
  }
  return words;
}

function againWords(retries: number, maxAttempts: number): string {
  if (retries === 0) return 'It is not tried again: the delivery fails at once.';
  const span = aboutWords(retrySpanMs(maxAttempts));
  if (retries === 1) return `It is tried once more after ${span}; then the delivery fails.`;
  return `It is tried again up to ${retries} times over ${span}, with longer and longer pauses; then the delivery fails.`;
}

function paceWords({ settings }: Webhook): string[] {
  const { maxConcurrency, ratePerSecond } = settings;
  const rate = ratePerSecond === null ? '' : `, and at most ${ratePerSecond} a second`;
  return [`At most ${maxConcurrency} ${maxConcurrency === 1 ? 'request' : 'requests'} at a time${rate}.`];
}

/** "a, b and c" */
function listOf(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "15 seconds", "1 hour and 30 minutes", "250 ms": exact. */
export function durationWords(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, length] of units) {
    const count = unit === 'second' ? Math.round((rest / length) * 10) / 10 : Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return listOf(parts, 'and');
}

/** "about a day", "about 4 hours", "about 35 seconds" */
export function aboutWords(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms >= each * 0.95) ?? (['second', 1_000] as const);
  const count = Math.max(Math.round(ms / length), 1);
  if (count > 1) return `about ${count} ${unit}s`;
  return unit === 'hour' ? 'about an hour' : `about a ${unit}`;
}
