import { createInterface } from 'node:readline';
import { openJoinedStore } from './joined-store.ts';
import { storeCipher } from './store-cipher.ts';

/**
 * A program for the test that kills it: cuts what the given data directory has, at the given moment and by the given clocks of
 * all accounts, in pieces of one step, one for each line that it is told, and says `done N` after each, with how many events it was.
 */
const [dataDir = '', now = '', payloadMs = '', logMs = ''] = process.argv.slice(2);
const store = await openJoinedStore({
  dataDir,
  cipher: storeCipher,
  clock: { now: () => Number(now), elapsed: () => Number(now), setTimer: () => ({ cancel: () => {} }) },
  onDeath(error) {
    throw error;
  },
});
const ofAll = { payloadMs: Number(payloadMs), logMs: Number(logMs) };
await store.retention.keep({ ofAll, own: new Map() });
for await (const _line of createInterface(process.stdin)) {
  const { cut, dropped, isDone } = await store.retention.cut({ now: Number(now), mostMs: 0 });
  process.stdout.write(`done ${cut + dropped}\n`);
  if (isDone) break;
}
