import type { Catalog, CatalogMethod, CatalogReportType } from '../../api/catalog.ts';
import type { WebhookInput, WebhookSettings } from '../../api/webhook-form.ts';

type Choices = Catalog['settings']['choices'];
export type GiveUpUnit = 'minutes' | 'hours' | 'days';

/** The settings as they stand in the form. Numbers are text as typed; empty: the default. */
export interface SettingsDraft {
  readonly timeFormat: Choices['timeFormat'][number]['id'];
  readonly timeZone: string;
  readonly mobileFormat: Choices['mobileFormat'][number]['id'];
  /** `null`: as the method has it. */
  readonly moFormat: Choices['moFormat'][number]['id'] | null;
  /** Whether flat messages carry the whole message too; `null`: as the method has it. */
  readonly moMessage: boolean | null;
  readonly timeoutSeconds: string;
  readonly maxConcurrency: string;
  readonly ratePerSecond: string;
  readonly maxAttempts: string;
  /** Empty: attempts alone end it. */
  readonly giveUpAfter: string;
  readonly giveUpUnit: GiveUpUnit;
  /** Such as "200, 202"; empty: any 2xx. */
  readonly successCodes: string;
  readonly bodyContains: string;
  readonly ordered: boolean;
  readonly batch: boolean;
  readonly batchMaxItems: string;
  readonly batchWaitSeconds: string;
  readonly batchMaxKib: string;
  /** Empty: all. */
  readonly statuses: readonly string[];
}

export const giveUpUnits: readonly { readonly id: GiveUpUnit; readonly ms: number }[] = [
  { id: 'minutes', ms: 60_000 },
  { id: 'hours', ms: 3_600_000 },
  { id: 'days', ms: 86_400_000 },
];

export function emptySettings(catalog: Catalog): SettingsDraft {
  const { timeFormat, timeZone, mobileFormat, ordered } = catalog.settings.defaults;
  return {
    timeFormat,
    timeZone,
    mobileFormat,
    moFormat: null,
    moMessage: null,
    timeoutSeconds: '',
    maxConcurrency: '',
    ratePerSecond: '',
    maxAttempts: '',
    giveUpAfter: '',
    giveUpUnit: 'hours',
    successCodes: '',
    bodyContains: '',
    ordered,
    batch: false,
    batchMaxItems: '100',
    batchWaitSeconds: '1',
    batchMaxKib: '900',
    statuses: [],
  };
}

/** Saved settings as they stand in the form; what is as by default stands empty where it can. */
export function settingsDraftOf(
  saved: WebhookInput['settings'] | null,
  method: CatalogMethod['id'],
  catalog: Catalog,
): SettingsDraft {
  const empty = emptySettings(catalog);
  if (!saved) return empty;
  const { defaults } = catalog.settings;
  const usual = catalog.methods.find(({ id }) => id === method);
  const { retry, success, batch } = saved;
  return {
    ...empty,
    timeFormat: saved.timeFormat ?? empty.timeFormat,
    timeZone: saved.timeZone ?? empty.timeZone,
    mobileFormat: saved.mobileFormat ?? empty.mobileFormat,
    moFormat: saved.moFormat === usual?.moFormat ? null : (saved.moFormat ?? null),
    moMessage: saved.moMessage === usual?.moMessage ? null : (saved.moMessage ?? null),
    timeoutSeconds: unlessDefault(saved.timeoutMs, defaults.timeoutMs, 1_000),
    maxConcurrency: unlessDefault(saved.maxConcurrency, defaults.maxConcurrency),
    ratePerSecond: unlessDefault(saved.ratePerSecond, defaults.ratePerSecond),
    maxAttempts: unlessDefault(retry?.maxAttempts, defaults.retry.maxAttempts),
    ...giveUpOf(retry?.giveUpAfterMs ?? null),
    successCodes: (success?.codes ?? []).join(', '),
    bodyContains: success?.bodyContains ?? '',
    ordered: saved.ordered ?? empty.ordered,
    batch: batch !== null && batch !== undefined,
    batchMaxItems: batch ? String(batch.maxItems) : empty.batchMaxItems,
    batchWaitSeconds: batch ? String(batch.maxWaitMs / 1_000) : empty.batchWaitSeconds,
    batchMaxKib: batch?.maxBytes ? String(batch.maxBytes / 1_024) : empty.batchMaxKib,
    statuses: saved.statuses ?? [],
  };
}

function unlessDefault(value: number | null | undefined, usual: number | null, per = 1): string {
  return value === undefined || value === null || value === usual ? '' : String(value / per);
}

/** In the largest unit that has no fraction. */
function giveUpOf(ms: number | null): Pick<SettingsDraft, 'giveUpAfter' | 'giveUpUnit'> {
  if (ms === null) return { giveUpAfter: '', giveUpUnit: 'hours' };
  const unit = giveUpUnits.findLast((each) => ms % each.ms === 0) ?? { id: 'minutes' as const, ms: 60_000 };
  return { giveUpAfter: String(ms / unit.ms), giveUpUnit: unit.id };
}

/** What a method and a report type let one set beside what all have. */
export interface SettingsChoice {
  readonly reportType: CatalogReportType;
  readonly method: CatalogMethod;
}

/** Whether Meta's own object can be chosen for inbound messages. */
export function hasMoFormat({ reportType, method }: SettingsChoice): boolean {
  return reportType.id === 'mo' && method.moFormat === 'whatsapp';
}

/** Whether a message comes flat, so that the whole of it may come beside what it says. */
export function isFlatMo(
  settings: Pick<Partial<WebhookSettings>, 'moFormat'> | Pick<SettingsDraft, 'moFormat'>,
  choice: SettingsChoice,
): boolean {
  if (choice.reportType.id !== 'mo') return false;
  return !hasMoFormat(choice) || (settings.moFormat ?? choice.method.moFormat) === 'flat';
}

/** Whether the gateway writes times and numbers itself: not where it sends an object as it came, or its own events. */
export function hasFormats(settings: { readonly moFormat?: string | null }, choice: SettingsChoice): boolean {
  const { reportType, method } = choice;
  if (reportType.id === 'mo')
    return (settings.moFormat ?? method.moFormat) !== 'whatsapp' || !hasMoFormat(choice);
  return reportType.id !== 'operations';
}

export function hasBatch({ method }: SettingsChoice): boolean {
  return method.id === 'JSON' || method.id === 'XML';
}

export function hasStatuses({ reportType }: SettingsChoice): boolean {
  return reportType.statuses !== null;
}

/** Whether times are written in a zone at all. */
export function hasTimeZone({ timeFormat }: Pick<SettingsDraft, 'timeFormat'>): boolean {
  return !timeFormat.startsWith('epoch');
}

/** The API's settings, complete. A number that is none becomes NaN, which no rule lets pass. */
export function settingsOf(draft: SettingsDraft, choice: SettingsChoice, catalog: Catalog): WebhookSettings {
  const { defaults } = catalog.settings;
  const perUnit = giveUpUnits.find(({ id }) => id === draft.giveUpUnit)?.ms ?? 1;
  const codes = codesOf(draft.successCodes);
  return {
    timeFormat: draft.timeFormat,
    timeZone: draft.timeZone,
    mobileFormat: draft.mobileFormat,
    ...(hasMoFormat(choice) && { moFormat: draft.moFormat ?? choice.method.moFormat }),
    ...(isFlatMo(draft, choice) && { moMessage: draft.moMessage ?? choice.method.moMessage }),
    timeoutMs: numberOf(draft.timeoutSeconds, defaults.timeoutMs, 1_000),
    maxConcurrency: numberOf(draft.maxConcurrency, defaults.maxConcurrency),
    ratePerSecond: numberOf(draft.ratePerSecond, defaults.ratePerSecond),
    retry: {
      maxAttempts: numberOf(draft.maxAttempts, defaults.retry.maxAttempts),
      giveUpAfterMs: numberOf(draft.giveUpAfter, defaults.retry.giveUpAfterMs, perUnit),
    },
    success: {
      codes: codes.length === 0 ? null : codes,
      bodyContains: draft.bodyContains === '' ? null : draft.bodyContains,
    },
    ordered: draft.ordered,
    batch:
      draft.batch && hasBatch(choice)
        ? {
            maxItems: numberOf(draft.batchMaxItems, Number.NaN),
            maxWaitMs: numberOf(draft.batchWaitSeconds, Number.NaN, 1_000),
            maxBytes: numberOf(draft.batchMaxKib, Number.NaN, 1_024),
          }
        : null,
    statuses: hasStatuses(choice) && draft.statuses.length > 0 ? [...draft.statuses] : null,
  };
}

/**
 * A number as typed; durations are rounded to whole ms.
 * @param per how many of the API's units are in one of the form's
 */
export function numberOf<Usual extends number | null>(text: string, usual: Usual, per = 1): number | Usual {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return usual;
  const number = /^\d*\.?\d+$/.test(typed) ? Number(typed) * per : Number.NaN;
  return per === 1 ? number : Math.round(number);
}

/** "200, 202 204" as numbers. */
export function codesOf(text: string): number[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  return words.map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN));
}
