import { systemClock } from '../../../core/clock.ts';
import type { QueuedDelivery } from '../../../core/delivery.ts';
import { attemptOf, delivered, newEvent } from '../../conformance/samples.ts';
import { openJoinedStore } from './joined-store.ts';
import { storeCipher } from './store-cipher.ts';

/**
 * A program for the hard-stop test: stores events and attempts in the given data directory for as long as it lives, and
 * says on its standard output what the store has acknowledged: `accepted evt_…`, `delivered dlv_…`.
 */
const store = await openJoinedStore({
  dataDir: process.argv[2] ?? '',
  cipher: storeCipher,
  clock: systemClock,
  onDeath(error) {
    throw error;
  },
});
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function deliver(deliveries: readonly QueuedDelivery[]): void {
  for (const delivery of deliveries) {
    store.log.record(attemptOf(delivery, delivered), () => say(`delivered ${delivery.id}`));
  }
}
store.log.onAccepted((deliveries) => deliver(deliveries.filter((_, i) => i % 2 === 0)));

async function caller(batch: number): Promise<never> {
  for (;;) {
    const results = await store.log.append(Array.from({ length: batch }, () => newEvent(['wh_1'])));
    for (const { eventId } of results) say(`accepted ${eventId}`);
  }
}
await Promise.all([1, 3, 20].map(caller));
