import { newEvent } from '../../conformance/samples.ts';
import type { NewEvent } from '../../ports/delivery-log.ts';

export const webhooksOfLargeCall = 500;

/** A call of 40 commits or so, the same each time. */
export function largeCall(): NewEvent[] {
  const webhookIds = Array.from({ length: webhooksOfLargeCall }, (_, i) => `wh_large_${i}`);
  return Array.from({ length: 80 }, (_, i) => newEvent(webhookIds, { messageId: `large ${i}` }));
}
