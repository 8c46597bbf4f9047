import type { Event } from './event.ts';
import { statusMeaning } from './status.ts';

/**
 * How much a DLR status says about a message: a report with a lower step than one that was delivered before tells
 * nothing new ("sent" after "read"). Final outcomes share a step, because carriers do correct one with the other
 * (WhatsApp: `delivered` can come after `failed` where a person has several devices).
 */
const steps: ReadonlyMap<string, number> = new Map([
  ['accepted', 1],
  ['sent', 2],
  ['delivered', 3],
  ['failed', 3],
  ['expired', 3],
  ['rejected', 3],
  ['read', 4],
  ['played', 5],
]);

/** The step of a report; 0 for an MO and for a status that is not on the ladder, which is never outdated. */
export function statusStep({
  product,
  reportType,
  status,
}: Pick<Event, 'product' | 'reportType' | 'status'>): number {
  if (reportType !== 'dlr' || status === null) return 0;
  return steps.get(statusMeaning(product, status)) ?? 0;
}
