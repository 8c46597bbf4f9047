import type { MoFormat, SendMethod, WebhookSettings } from '../../../../core/webhook.ts';
import { isTimeZone } from '../../../../shared/time-zone-name.ts';
import type { Report, WebhookDraft } from './draft.ts';
import { bounds, mostMessages, type SettingsInput } from './schema.ts';

/** The MO format of a method where none is asked for: only JSON can carry Meta's object. */
export function moFormatOf(method: SendMethod): MoFormat {
  return method === 'JSON' ? 'whatsapp' : 'flat';
}

/** Whether a flat inbound message carries `message` where nothing is said: in a URL the whole text twice is too long. */
export function moMessageOf(method: SendMethod): boolean {
  return method !== 'GET';
}

export function checkSettings(draft: WebhookDraft, report: Report): void {
  const settings = draft.settings;
  if (!settings) return;
  if (settings.timeZone !== undefined && !isTimeZone(settings.timeZone)) {
    report('settings.timeZone', `"${settings.timeZone}" is not an IANA time zone such as Asia/Kolkata.`);
  }
  const { method, reportType } = draft;
  if (reportType === 'mo' && settings.moFormat === 'whatsapp' && method !== undefined && method !== 'JSON') {
    report('settings.moFormat', `"whatsapp" is for the method JSON only; ${method} sends "flat".`);
  }
  if (settings.batch && (method === 'GET' || method === 'POST')) {
    report('settings.batch', 'is for the methods JSON and XML only.');
  }
  const most = bounds.batchMaxItems;
  if (reportType === 'mo' && (settings.batch?.maxItems ?? 0) > mostMessages) {
    report('settings.batch.maxItems', `must be from ${most.minimum} to ${mostMessages} for "mo".`);
  }
}

/** The settings with every default filled in. */
export function completeSettings(input: SettingsInput, method: SendMethod): WebhookSettings {
  return {
    timeFormat: input.timeFormat ?? 'iso',
    timeZone: input.timeZone ?? 'UTC',
    mobileFormat: input.mobileFormat ?? 'digits',
    moFormat: input.moFormat ?? moFormatOf(method),
    moMessage: input.moMessage ?? moMessageOf(method),
    timeoutMs: input.timeoutMs ?? bounds.timeoutMs.default,
    maxConcurrency: input.maxConcurrency ?? bounds.maxConcurrency.default,
    ratePerSecond: input.ratePerSecond ?? bounds.ratePerSecond.default,
    retry: {
      maxAttempts: input.retry?.maxAttempts ?? bounds.maxAttempts.default,
      giveUpAfterMs: input.retry?.giveUpAfterMs ?? bounds.giveUpAfterMs.default,
    },
    success: { codes: input.success?.codes ?? null, bodyContains: input.success?.bodyContains ?? null },
    ordered: input.ordered ?? false,
    batch: input.batch ? { maxBytes: bounds.batchMaxBytes.default, ...input.batch } : null,
    statuses: input.statuses ?? null,
  };
}
