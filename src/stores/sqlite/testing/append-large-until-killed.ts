import { systemClock } from '../../../core/clock.ts';
import { openJoinedStore } from './joined-store.ts';
import { largeCall } from './large-call.ts';
import { storeCipher } from './store-cipher.ts';

/** A program for the hard-stop test: makes one call of many commits, and says `told …` after each of them. */
const store = await openJoinedStore({
  dataDir: process.argv[2] ?? '',
  cipher: storeCipher,
  clock: systemClock,
  onDeath(error) {
    throw error;
  },
});
store.log.onAccepted((deliveries) => process.stdout.write(`told ${deliveries.length}\n`));
await store.log.append(largeCall());
process.stdout.write('answered\n');
// biome-ignore lint/style/noRestrictedGlobals: it only keeps the process until that is killed
setInterval(() => {}, 1_000);
