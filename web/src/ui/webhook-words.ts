import type { Webhook } from '../api/webhooks.ts';

export const productNames: { readonly [P in Webhook['product']]: string } = {
  sms: 'SMS',
  whatsapp: 'WhatsApp',
  hookwire: 'Alerts',
};

export const reportTypeNames: { readonly [T in Webhook['reportType']]: string } = {
  dlr: 'DLR',
  mo: 'MO',
  operations: 'Alerts',
};

/** "SMS DLR", "Alerts": as a webhook is called where its URL is too long. */
export function kindOf({ product, reportType }: Pick<Webhook, 'product' | 'reportType'>): string {
  if (reportType === 'operations') return reportTypeNames.operations;
  return `${productNames[product]} ${reportTypeNames[reportType]}`;
}

/** What the reports are: "SMS delivery reports". */
export function reportsOf({ product, reportType }: Pick<Webhook, 'product' | 'reportType'>): string {
  switch (reportType) {
    case 'dlr':
      return `${productNames[product]} delivery reports`;
    case 'mo':
      return `inbound ${productNames[product]} messages`;
    case 'operations':
      return 'alerts';
  }
}

/** How a webhook is: what the column "Status" says of it. */
export interface Condition {
  readonly label: 'Enabled' | 'Failing' | 'Disabled';
  readonly tone: 'good' | 'bad' | 'off';
  readonly why: string;
  /** Since when it fails; ISO 8601. */
  readonly since: string | null;
}

export function conditionOf(webhook: Pick<Webhook, 'status' | 'disabledReason' | 'failingSince'>): Condition {
  const { status, disabledReason, failingSince: since } = webhook;
  if (status === 'enabled') {
    return since === null
      ? { label: 'Enabled', tone: 'good', why: 'Reports are sent as they come.', since }
      : { label: 'Failing', tone: 'bad', why: 'Its endpoint has done nothing but fail.', since };
  }
  switch (disabledReason) {
    case 'gone':
      return { label: 'Disabled', tone: 'bad', why: 'Its endpoint answered 410 Gone.', since };
    case 'failing':
      return { label: 'Disabled', tone: 'bad', why: 'Its endpoint failed for days.', since };
    default:
      return { label: 'Disabled', tone: 'off', why: 'Somebody disabled it.', since };
  }
}

/** 0.99954 → "99.95 %": never rounded up to 100 %, nor down to 0 %. */
export function formatRate(rate: number): string {
  if (rate > 0.9999 && rate < 1) return '> 99.99 %';
  if (rate > 0 && rate < 0.0001) return '< 0.01 %';
  return `${Math.round(rate * 10_000) / 100} %`;
}
