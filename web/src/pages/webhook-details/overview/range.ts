import type { WebhookStats } from '../../../api/webhooks.ts';

/** A time that ends now, and how finely it is drawn. */
export interface Range {
  /** As it stands in the URL. */
  readonly word: string;
  readonly label: string;
  readonly lengthMs: number;
  readonly bucket: WebhookStats['bucket'];
}

const hour = 3_600_000;
const usual: Range = { word: '24h', label: '24 hours', lengthMs: 24 * hour, bucket: 'hour' };

export const ranges: readonly Range[] = [
  { word: '1h', label: '1 hour', lengthMs: hour, bucket: 'minute' },
  usual,
  { word: '7d', label: '7 days', lengthMs: 7 * 24 * hour, bucket: 'hour' },
  { word: '30d', label: '30 days', lengthMs: 30 * 24 * hour, bucket: 'day' },
];

export function rangeOf(word: string | undefined): Range {
  return ranges.find((range) => range.word === word) ?? usual;
}

export const bucketMs: { readonly [B in WebhookStats['bucket']]: number } = {
  minute: 60_000,
  hour,
  day: 24 * hour,
};
