import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testWebhook } from '../../../testing/factories.ts';
import { deletedWebhooksConformance } from '../../conformance/deleted-webhooks.ts';
import { directoryConformance } from '../../conformance/directory.ts';
import { keptAnswersConformance } from '../../conformance/kept-answers.ts';
import type { Directory } from '../../ports/directory.ts';
import { createCipher } from '../../secrets/cipher.ts';
import { createSqlDirectory } from '../../sql/directory/directory.ts';
import type { Desk } from '../desk/desk.ts';
import { migrate } from '../migrations/migrate.ts';
import { configure } from '../pragmas.ts';
import { createSqliteDatabase } from '../thread/sql-database.ts';
import { openThreads } from '../thread/threads.ts';

const masterKey = randomBytes(32).toString('hex');

async function newDatabase() {
  const dir = await mkdtemp(join(tmpdir(), 'hookwire-directory-'));
  const file = join(dir, 'hookwire.db');
  const db = new DatabaseSync(file);
  configure(db, 'writer');
  migrate(db);
  db.close();
  return { file, remove: () => rm(dir, { recursive: true }) };
}

async function openDirectory(file: string, key = masterKey) {
  const threads = await openThreads(file);
  return {
    threads,
    desk: threads.desk,
    directory: createSqlDirectory(createSqliteDatabase(threads), createCipher(key)),
  };
}

/** One thread for all tests of the suite: starting one takes longer than most of them. */
describe('on one desk', () => {
  const tables = [
    'kept_answers',
    'webhook_secrets',
    'webhook_versions',
    'webhooks',
    'senders',
    'api_keys',
    'accounts',
  ];
  const disposal = new AsyncDisposableStack();
  let desk: Desk;
  let directory: Directory;

  beforeAll(async () => {
    const { file, remove } = await newDatabase();
    disposal.defer(remove);
    const { threads, ...rest } = await openDirectory(file);
    ({ desk, directory } = rest);
    disposal.defer(() => threads.close());
  });
  afterAll(() => disposal.disposeAsync());

  const openEmpty = async () => {
    for (const table of tables) await desk.query(`delete from ${table}`, []);
    return { directory, dispose: async () => {} };
  };
  directoryConformance('SQLite', openEmpty);
  deletedWebhooksConformance('SQLite', openEmpty);
  keptAnswersConformance('SQLite', openEmpty);
});

describe('the SQLite directory', () => {
  const webhook = testWebhook({ customHeaders: [{ name: 'X-Api-Key', value: 'plain-header-value' }] });
  const secret = { secret: 'whsec_plain-signing-secret', expiresAt: null };

  it('keeps secrets out of the file, and reads them after a restart', async () => {
    const { file, remove } = await newDatabase();
    const before = await openDirectory(file);
    await before.directory.createAccount({ id: 'acc_1', name: 'Asha', createdAt: 0 });
    await before.directory.createWebhook(webhook, secret);
    await before.threads.close();

    const bytes = await readFile(file);
    expect(bytes.includes('example.com/dlr')).toBe(true);
    expect(bytes.includes('plain-header-value')).toBe(false);
    expect(bytes.includes('plain-signing-secret')).toBe(false);

    const after = await openDirectory(file);
    expect(await after.directory.loadWebhooks()).toEqual([{ webhook, secrets: [secret] }]);
    await after.threads.close();
    await remove();
  });

  it('says that the master key is another one instead of giving wrong secrets', async () => {
    const { file, remove } = await newDatabase();
    const before = await openDirectory(file);
    await before.directory.createAccount({ id: 'acc_1', name: 'Asha', createdAt: 0 });
    await before.directory.createWebhook(webhook, secret);
    await before.threads.close();

    const after = await openDirectory(file, randomBytes(32).toString('hex'));
    await expect(after.directory.loadWebhooks()).rejects.toMatchObject({ code: 'wrong_master_key' });
    await after.threads.close();
    await remove();
  });
});
