import { isTimeZone } from '#shared/time-zone-name.ts';
import type { Catalog } from '../../api/catalog.ts';
import type { Note } from './problems.ts';
import {
  codesOf,
  hasBatch,
  hasStatuses,
  type SettingsChoice,
  type SettingsDraft,
  settingsOf,
} from './settings-draft.ts';
import { durationWords } from './settings-words.ts';

interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

/** What is wrong with the settings, those left out that do not apply. */
export function checkSettings(
  draft: SettingsDraft,
  choice: SettingsChoice & { readonly product: { readonly audience: string } },
  catalog: Catalog,
  note: Note,
): void {
  const { limits } = catalog.settings;
  const { timeoutMs, maxConcurrency, ratePerSecond, retry, batch } = settingsOf(draft, choice, catalog);
  if (!isTimeZone(draft.timeZone)) note('settings.timeZone', 'Must be a time zone such as Asia/Kolkata.');
  checkDuration('settings.timeoutMs', timeoutMs, limits.timeoutMs, note);
  checkWhole('settings.maxConcurrency', maxConcurrency, limits.maxConcurrency, note);
  if (ratePerSecond !== null && !isIn(ratePerSecond, limits.ratePerSecond)) {
    note('settings.ratePerSecond', `Must be from ${rangeWords(limits.ratePerSecond)}, or empty.`);
  }
  checkWhole('settings.retry.maxAttempts', retry?.maxAttempts ?? 1, limits.maxAttempts, note);
  const giveUp = retry?.giveUpAfterMs ?? null;
  if (giveUp !== null) checkDuration('settings.retry.giveUpAfterMs', giveUp, limits.giveUpAfterMs, note);
  checkSuccess(draft, limits, note);
  if (draft.batch && hasBatch(choice) && batch) {
    const most = choice.reportType.id === 'mo' ? limits.batchMaxItemsOfMo : limits.batchMaxItems;
    if (draft.batchMaxItems.trim() === '') note('settings.batch.maxItems', 'A number is required.', true);
    else checkWhole('settings.batch.maxItems', batch.maxItems, most, note);
    if (draft.batchWaitSeconds.trim() === '') note('settings.batch.maxWaitMs', 'A time is required.', true);
    else checkDuration('settings.batch.maxWaitMs', batch.maxWaitMs, limits.batchMaxWaitMs, note);
    if (draft.batchMaxKib.trim() === '') note('settings.batch.maxBytes', 'A size is required.', true);
    else checkKib('settings.batch.maxBytes', batch.maxBytes ?? 0, limits.batchMaxBytes, note);
  }
  if (hasStatuses(choice)) checkStatuses(draft, choice, limits, note);
}

type Limits = Catalog['settings']['limits'];

function checkSuccess(draft: SettingsDraft, limits: Limits, note: Note): void {
  const codes = codesOf(draft.successCodes);
  const path = 'settings.success.codes';
  const wrong = codes.findIndex((code) => !(code >= 200 && code <= 299));
  if (wrong >= 0) note(`${path}[${wrong}]`, 'Codes from 200 to 299, such as 200, 202.');
  else if (new Set(codes).size < codes.length) note(path, 'Each code once.');
  else if (codes.length > limits.successCodes) note(path, `At most ${limits.successCodes} codes.`);
  if ([...draft.bodyContains].length > limits.bodyContainsLength) {
    note('settings.success.bodyContains', `At most ${limits.bodyContainsLength} characters.`);
  }
}

function checkStatuses(
  { statuses }: SettingsDraft,
  choice: SettingsChoice & { readonly product: { readonly audience: string } },
  limits: Limits,
  note: Note,
): void {
  const path = 'settings.statuses';
  if (statuses.length > limits.statuses) note(path, `At most ${limits.statuses}.`);
  const long = statuses.findIndex((status) => [...status].length > limits.statusLength);
  if (long >= 0) note(`${path}[${long}]`, `At most ${limits.statusLength} characters each.`);
  if (choice.product.audience !== 'operations') return;
  const unknown = statuses.findIndex(
    (status) => !choice.reportType.statuses?.includes(status.trim().toLowerCase()),
  );
  if (unknown >= 0) note(`${path}[${unknown}]`, `There is no "${statuses[unknown]}".`);
}

function checkWhole(path: string, value: number, range: Range, note: Note): void {
  if (!Number.isInteger(value) || !isIn(value, range)) {
    note(path, `Must be a whole number from ${rangeWords(range)}.`);
  }
}

function checkDuration(path: string, ms: number, range: Range, note: Note): void {
  if (!isIn(ms, range)) {
    note(path, `Must be from ${durationWords(range.minimum)} to ${durationWords(range.maximum)}.`);
  }
}

function checkKib(path: string, bytes: number, { minimum, maximum }: Range, note: Note): void {
  if (!isIn(bytes, { minimum, maximum })) {
    note(path, `Must be from ${rangeWords({ minimum: minimum / 1_024, maximum: maximum / 1_024 })} KiB.`);
  }
}

function isIn(value: number, { minimum, maximum }: Range): boolean {
  return value >= minimum && value <= maximum;
}

function rangeWords({ minimum, maximum }: Range): string {
  return `${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
}
