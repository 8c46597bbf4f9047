import { readSync } from 'node:fs';
import { systemClock } from '../../../core/clock.ts';
import { openJoinedStore } from './joined-store.ts';
import { largeCall } from './large-call.ts';
import { storeCipher } from './store-cipher.ts';

/**
 * A program for the hard-stop test: makes one call of many commits, says `told …` after each of them, and goes on to the next when it
 * is told to.
 */
const store = await openJoinedStore({
  dataDir: process.argv[2] ?? '',
  cipher: storeCipher,
  clock: systemClock,
  onDeath(error) {
    throw error;
  },
});
const standardInput = 0;
store.log.onAccepted((deliveries) => {
  process.stdout.write(`told ${deliveries.length}\n`);
  readSync(standardInput, Buffer.alloc(1));
});
await store.log.append(largeCall());
process.stdout.write('answered\n');
// biome-ignore lint/style/noRestrictedGlobals: it only keeps the process until that is killed
setInterval(() => {}, 1_000);
