import type { CatalogReportType } from '../../api/catalog.ts';

/**
 * A sample as text to be edited: without what is the webhook's own (product, report type) and without what is empty
 * in the first sample too, which fills what is left out.
 *
 * @param number the webhook's own; `null`: the sample's
 */
export function eventText(reportType: CatalogReportType, name: string, number: string | null): string {
  const sample = reportType.samples.find((each) => each.name === name) ?? reportType.samples[0];
  const first: Record<string, unknown> = { ...reportType.samples[0]?.event };
  const fields = Object.entries(sample?.event ?? {}).flatMap(([field, value]): [string, unknown][] => {
    if (field === 'product' || field === 'reportType') return [];
    if (value === null && (first[field] ?? null) === null) return [];
    return [[field, field === 'productUniqueId' && value !== null ? (number ?? value) : value]];
  });
  return JSON.stringify(Object.fromEntries(fields), null, 2);
}

/** JSON text of an object. */
export type ReadEvent = { readonly event: string } | { readonly problem: string };

/** An event as somebody wrote it. */
export function readEvent(text: string): ReadEvent {
  if (text.trim() === '') return { event: '{}' };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { event: text };
    return { problem: 'The event must be a JSON object: { … }.' };
  } catch (error) {
    return {
      problem: `This is not JSON yet: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
    };
  }
}
