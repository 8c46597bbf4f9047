import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { testWebhook } from '../../../testing/factories.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { resealAll } from '../../../upkeep/reseal-all.ts';
import { sealingConformance } from '../../conformance/sealing.ts';
import { type Cipher, createCipher } from '../../secrets/cipher.ts';
import { deriveKey } from '../../secrets/master-key.ts';
import { openNumberKey } from '../../sql/sealing/gateway-secrets.ts';
import { openSqliteDirectory } from '../open.ts';
import { createSqliteDatabase } from '../thread/sql-database.ts';
import { openThreads } from '../thread/threads.ts';

const root = mkdtempSync(join(tmpdir(), 'hookwire-seal-'));
afterAll(() => rmSync(root, { recursive: true }));

async function open(place: string, cipher: Cipher, clock: { now(): number }) {
  const dataDir = join(root, place);
  const store = await openSqliteDirectory({ dataDir, cipher, clock: { ...createManualClock(), ...clock } });
  return {
    ...store,
    async numberKey() {
      const threads = await openThreads(join(dataDir, 'hookwire.db'));
      const made = openNumberKey(createSqliteDatabase(threads), cipher);
      return made.finally(() => threads.close());
    },
  };
}

sealingConformance('SQLite', open);

it('leaves nothing in the file that an earlier key could still open', async () => {
  const [first, second] = [0, 1].map(() => randomBytes(32).toString('base64')) as [string, string];
  const clock = createManualClock();
  const rest = {
    ...{ rest: async () => {}, isStopped: () => false, onStatus: () => {}, tell: () => {} },
    allSealWithIt: async () => true,
  };
  const before = await open('file', createCipher(first), clock);
  await before.sealing.begin(clock.now());
  await before.directory.createAccount({ id: 'acme', name: 'Acme', createdAt: 1 });
  await before.directory.createWebhook(
    testWebhook({ accountId: 'acme', customHeaders: [{ name: 'X-Key', value: 'header' }] }),
    { secret: 'secret', expiresAt: null },
  );
  await before.close();
  const after = await open('file', createCipher(second, [first]), clock);
  await after.sealing.begin(clock.now());
  await resealAll({ ...rest, sealing: after.sealing, log: { info: () => {}, warn: () => {} } });
  await after.close();
  const file = readFileSync(join(root, 'file', 'hookwire.db'), 'latin1');
  expect(file.includes(`v1.${deriveKey(second).id}.`)).toBe(true);
  expect(file.includes(`v1.${deriveKey(first).id}.`)).toBe(false);
});
