import type { Catalog } from '../../api/catalog.ts';
import type { WebhookSettings } from '../../api/webhook-form.ts';
import {
  hasBatch,
  hasFormats,
  hasMoFormat,
  hasStatuses,
  hasTimeZone,
  isFlatMo,
  type SettingsChoice,
} from './settings-draft.ts';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "15 seconds", "1 hour", "1.5 days", "0 seconds": in the unit in which it is 1 or more. */
export function durationWords(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms >= each) ?? units[3];
  const amount = Math.round((ms / length) * 100) / 100;
  return `${amount.toLocaleString('en')} ${unit}${amount === 1 ? '' : 's'}`;
}

/**
 * Settings as sentences, those that do not apply left out. They begin with what most often differs: form, then
 * effort, then what counts as delivered.
 */
export function settingsInWords(
  settings: WebhookSettings,
  choice: SettingsChoice,
  catalog: Catalog,
): string[] {
  const { choices } = catalog.settings;
  const time = choices.timeFormat.find(({ id }) => id === settings.timeFormat)?.label ?? settings.timeFormat;
  const zone = hasTimeZone(settings) ? ` in ${settings.timeZone}` : '';
  const mobile = choices.mobileFormat.find(({ id }) => id === settings.mobileFormat)?.label;
  const words = hasFormats(settings, choice)
    ? [`Times: ${time}${zone}.`, `Numbers: ${(mobile ?? settings.mobileFormat).toLowerCase()}.`]
    : [];
  if (hasMoFormat(choice)) {
    const format = choices.moFormat.find(({ id }) => id === (settings.moFormat ?? choice.method.moFormat));
    if (format) words.push(`Messages: ${format.label}.`);
  }
  if (isFlatMo(settings, choice) && settings.moMessage !== choice.method.moMessage)
    words.push(settings.moMessage ? 'With the whole message.' : 'Without the whole message.');
  words.push(
    `An answer within ${durationWords(settings.timeoutMs)}.`,
    `Up to ${settings.maxConcurrency} requests at a time${rate(settings)}.`,
    attempts(settings),
    success(settings),
  );
  if (settings.ordered) words.push('The reports of a message one after another.');
  if (hasBatch(choice) && settings.batch) {
    const { maxItems, maxWaitMs } = settings.batch;
    words.push(`Up to ${maxItems} reports in a request, waiting ${durationWords(maxWaitMs)} at most.`);
  }
  // Which alerts are sent stands above, not among the settings.
  if (hasStatuses(choice) && choice.reportType.id !== 'operations' && settings.statuses)
    words.push(`Only ${settings.statuses.join(', ')}.`);
  return words;
}

function rate({ ratePerSecond }: WebhookSettings): string {
  return ratePerSecond === null ? '' : ` and ${ratePerSecond} a second`;
}

function attempts({ retry }: WebhookSettings): string {
  const most = retry?.maxAttempts ?? 1;
  const end = retry?.giveUpAfterMs ? `, for ${durationWords(retry.giveUpAfterMs)} at most` : '';
  return most === 1 ? 'One attempt, no retry.' : `Up to ${most} attempts${end}.`;
}

function success({ success: rule }: WebhookSettings): string {
  const codes = rule?.codes ? `Status ${rule.codes.join(', ')}` : 'Any 2xx status';
  const text = rule?.bodyContains ? ` with "${rule.bodyContains}" in the body` : '';
  return `${codes}${text} counts as delivered.`;
}
