import type { DlrField, ProductId, ReportType } from './products/product.ts';

export const sendMethods = ['GET', 'POST', 'JSON', 'XML'] as const;
/** How the endpoint wants its reports: query string, form, JSON object, XML document. */
export type SendMethod = (typeof sendMethods)[number];

export const timeFormats = ['iso', 'epochSeconds', 'epochMilliseconds', 'YYYY-MM-DD HH:mm:ss'] as const;
export type TimeFormat = (typeof timeFormats)[number];

export const mobileFormats = ['digits', 'e164'] as const;
export type MobileFormat = (typeof mobileFormats)[number];

export const moFormats = ['whatsapp', 'flat'] as const;
export type MoFormat = (typeof moFormats)[number];

export interface NameAndValue {
  readonly name: string;
  readonly value: string;
}

/** A webhook's settings with every default filled in. Durations are milliseconds. */
export interface WebhookSettings {
  readonly timeFormat: TimeFormat;
  /** IANA name. Used by `iso` (as offset) and by `YYYY-MM-DD HH:mm:ss`. */
  readonly timeZone: string;
  readonly mobileFormat: MobileFormat;
  readonly moFormat: MoFormat;
  /** Whether a flat inbound message carries `message`, the whole of it as JSON text, beside what it says. */
  readonly moMessage: boolean;
  /** One deadline over connect, TLS, headers and the whole body. */
  readonly timeoutMs: number;
  readonly maxConcurrency: number;
  readonly ratePerSecond: number | null;
  readonly retry: {
    /** Attempts in all, the first included. */
    readonly maxAttempts: number;
    /** After this time from acceptance no further attempt starts; `null`: only `maxAttempts` ends it. */
    readonly giveUpAfterMs: number | null;
  };
  readonly success: {
    /** Status codes that count as delivered; `null`: any 2xx. */
    readonly codes: readonly number[] | null;
    /** Text that the answer's body must also contain. */
    readonly bodyContains: string | null;
  };
  /** One message's reports strictly one after another. */
  readonly ordered: boolean;
  readonly batch: {
    readonly maxItems: number;
    readonly maxWaitMs: number;
    /** Bytes of the body at most, unless one report alone has more; without: {@link usualBatchBytes}. */
    readonly maxBytes?: number;
  } | null;
  /** DLR statuses to send, in any spelling (`core/status.ts`); `null`: all. */
  readonly statuses: readonly string[] | null;
}

/** Below the 1 MiB that nginx takes unless told, with room for what a proxy adds. */
export const usualBatchBytes = 921_600;

/** What an owner configures: the body of `POST /v1/webhooks`, checked and completed with defaults. */
export interface WebhookConfig {
  readonly product: ProductId;
  readonly reportType: ReportType;
  readonly method: SendMethod;
  readonly url: string;
  /** `null`: every number of the account (or a product without numbers). */
  readonly productUniqueId: string | null;
  readonly parameterNames: { readonly [F in DlrField]?: string };
  readonly customParameters: readonly NameAndValue[];
  readonly customHeaders: readonly NameAndValue[];
  readonly description: string | null;
  readonly settings: WebhookSettings;
}

/** What of a webhook decides which events it gets. */
export type RoutingRule = Pick<WebhookConfig, 'product' | 'reportType' | 'productUniqueId'> & {
  readonly settings: Pick<WebhookSettings, 'statuses'>;
};

export type WebhookStatus = 'enabled' | 'disabled';

/** A saved webhook. `version` rises with every change of its configuration, and an attempt names the version it used. */
export interface Webhook extends WebhookConfig {
  readonly id: string;
  readonly accountId: string;
  readonly status: WebhookStatus;
  /** Why it is disabled: `by_user`, `gone` (the endpoint answered 410), `failing` (it failed for days); `null` while enabled. */
  readonly disabledReason: string | null;
  /** Since when its endpoint has done nothing but fail (ms); `null` while it is well. */
  readonly failingSince: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A signing secret (`whsec_…`) that is in use; `expiresAt` is set while it only overlaps its successor. */
export interface SigningSecret {
  readonly secret: string;
  readonly expiresAt: number | null;
}

/** A webhook with the secrets that sign its requests, newest first. */
export interface WebhookWithSecrets {
  readonly webhook: Webhook;
  readonly secrets: readonly SigningSecret[];
}
