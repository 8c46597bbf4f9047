import { moveStores, type NamedStore } from '../../src/wiring/move-stores.ts';

/** A program: moves everything, and kills itself when it has told of its progress so often. */
const [from = '', to = '', masterKey = '', steps = ''] = process.argv.slice(2);

function named(store: string): NamedStore {
  return store.startsWith('postgres:')
    ? { kind: 'postgres', url: store }
    : { kind: 'sqlite', dataDir: store };
}

let told = 0;
await moveStores({
  ...{ from: named(from), to: named(to), masterKey, previousMasterKeys: [] },
  signal: new AbortController().signal,
  warn() {},
  onProgress() {
    if (++told === Number(steps)) process.kill(process.pid, 'SIGKILL');
  },
});
