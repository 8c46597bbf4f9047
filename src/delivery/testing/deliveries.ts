import type { QueuedDelivery } from '../../core/delivery.ts';
import { sequenceAt, sequenceId } from '../../core/ids.ts';
import { testEvent } from '../../testing/factories.ts';

const base = sequenceAt(Date.UTC(2026, 10, 22));

/** The `n`-th delivery that was accepted; its message is `m<n>`. */
export function testDelivery(n: number, parts: Partial<QueuedDelivery> = {}): QueuedDelivery {
  return {
    id: sequenceId('dlv', base + n),
    webhookId: 'wh_1',
    event: testEvent({ messageId: `m${n}` }),
    acceptedAt: n,
    queuedAt: n,
    attempts: 0,
    attemptsSinceReplay: 0,
    manual: false,
    ordered: false,
    ...parts,
  };
}
