import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { numberKeyBytes } from '../../../core/number-hash.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { resealAll } from '../../../upkeep/reseal-all.ts';
import { createCipher } from '../../secrets/cipher.ts';
import { deriveKey } from '../../secrets/master-key.ts';
import { openNumberKey } from '../../sql/sealing/gateway-secrets.ts';
import { createSqlSealing } from '../../sql/sealing/sealing.ts';
import { sealingKeysInUse } from '../backup/sealed-values.ts';
import { openSqliteStore } from '../open.ts';
import { openDatabase } from '../open-database.ts';
import { createSqliteDatabase } from '../thread/sql-database.ts';
import { openThreads } from '../thread/threads.ts';

const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hookwire-number-key-'));
  file = join(dataDir, 'hookwire.db');
});
afterEach(() => rmSync(dataDir, { recursive: true }));

async function keyWith(current: string, ...previous: string[]): Promise<string> {
  openDatabase(file, 'desk').close();
  const threads = await openThreads(file);
  try {
    const key = await openNumberKey(createSqliteDatabase(threads), createCipher(current, previous));
    expect(key).toHaveLength(numberKeyBytes);
    return Buffer.from(key).toString('hex');
  } finally {
    await threads.close();
  }
}

it('is made once and stays, under another master key too', async () => {
  const made = await keyWith(first);
  expect(await keyWith(first)).toBe(made);
  expect(await keyWith(second, first)).toBe(made);
  const bytes = readFileSync(file);
  for (const form of ['hex', 'base64', 'base64url'] as const) {
    expect(bytes.includes(Buffer.from(made, 'hex').toString(form).slice(0, 40))).toBe(false);
  }
  expect(bytes.includes(Buffer.from(made, 'hex'))).toBe(false);
});

it('is sealed anew with the current master key, which alone opens it then', async () => {
  const made = await keyWith(first);
  const cipher = createCipher(second, [first]);
  const threads = await openThreads(file);
  const sealing = createSqlSealing(createSqliteDatabase(threads), cipher);
  await threads.desk.query('insert into master_keys values (?, 0, 0)', [deriveKey(first).id]);
  await sealing.begin(1);
  const log = { info: () => {}, warn: () => {} };
  const parts = {
    sealing,
    log,
    rest: async () => {},
    isStopped: () => false,
    onStatus: () => {},
    tell: () => {},
    allSealWithIt: async () => true,
  };
  expect(await resealAll(parts)).toMatchObject({ done: 1, left: 0, retired: [deriveKey(first).id] });
  await threads.close();
  expect(await keyWith(second)).toBe(made);
  const db = openDatabase(file, 'desk');
  expect(sealingKeysInUse(db)).toEqual([deriveKey(second).id]);
  db.close();
});

it('a store does not open without the master key that sealed it, and makes no other', async () => {
  const options = { dataDir, clock: createManualClock(), couriers: 1, onDeath: () => {} };
  const made = await keyWith(first);
  await expect(openSqliteStore({ ...options, cipher: createCipher(second) })).rejects.toMatchObject({
    code: 'wrong_master_key',
  });
  await (await openSqliteStore({ ...options, cipher: createCipher(first) })).close();
  expect(await keyWith(first)).toBe(made);
});
