import type { Event } from './event.ts';

/**
 * How much a DLR status says about a message: a report with a lower step than one that was delivered before tells
 * nothing new ("sent" after "read"). Final outcomes share a step, because carriers do correct one with the other
 * (WhatsApp: `delivered` can come after `failed` where a person has several devices).
 */
const steps: Readonly<Record<string, number>> = {
  accepted: 1,
  sent: 2,
  delivered: 3,
  failed: 3,
  expired: 3,
  rejected: 3,
  read: 4,
  played: 5,
};

/** The step of a report; 0 for an MO and for a status that is not on the ladder, which is never outdated. */
export function statusStep(event: Pick<Event, 'reportType' | 'status'>): number {
  if (event.reportType !== 'dlr' || event.status === null) return 0;
  return (Object.hasOwn(steps, event.status) && steps[event.status]) || 0;
}
