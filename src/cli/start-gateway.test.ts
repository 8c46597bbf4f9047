import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { migrations } from '../stores/sqlite/migrations/index.ts';
import { migrate } from '../stores/sqlite/migrations/migrate.ts';
import { CliError } from './exit-codes.ts';
import { startGateway, startProblem } from './start-gateway.ts';

const config = loadConfig({ HOOKWIRE_DATA_DIR: '/srv/hookwire', HOOKWIRE_PORT: '80' });

function failure(code: string): Error {
  return Object.assign(new Error(`failed with ${code}`), { code });
}

describe('startProblem', () => {
  it.each([
    ['EADDRINUSE', 'inUse', /Port 80 on 127\.0\.0\.1 is in use: .*HOOKWIRE_PORT/],
    ['EACCES', 'failed', /No permission .* port 80 .* \/srv\/hookwire/],
    ['EADDRNOTAVAIL', 'usage', /127\.0\.0\.1 is no address of this machine: set HOOKWIRE_HOST/],
    ['ENOENT', 'failed', /\/srv\/hookwire cannot be made: .*HOOKWIRE_DATA_DIR/],
    ['EEXIST', 'failed', /\/srv\/hookwire, .* no directory: .*HOOKWIRE_DATA_DIR/],
    ['ENOTDIR', 'failed', /\/srv\/hookwire, .* no directory: .*HOOKWIRE_DATA_DIR/],
    ['EROFS', 'failed', /\/srv\/hookwire .* read only: .*HOOKWIRE_DATA_DIR/],
    ['ENOSPC', 'failed', /no space left .* \/srv\/hookwire: make room/],
    ['data_directory_locked', 'inUse', /failed with data_directory_locked/],
    ['wrong_master_key', 'usage', /failed with wrong_master_key/],
    ['schema_mismatch', 'data', /^\/srv\/hookwire: failed with schema_mismatch/],
    ['migration_failed', 'data', /^\/srv\/hookwire: failed with migration_failed/],
    ['unfinished_restore', 'data', /^\/srv\/hookwire: failed with unfinished_restore/],
  ])('says for %s what to do', (code, reason, words) => {
    const problem = startProblem(failure(code), config);
    expect(problem).toBeInstanceOf(CliError);
    expect(problem).toMatchObject({ reason, message: expect.stringMatching(words) });
  });

  it.each([
    ['database or disk is full', /no space left to write \/srv\/hookwire\/hookwire\.db: make room/],
    ['attempt to write a readonly database', /hookwire\.db cannot be written: give this user the right/],
    ['disk I/O error', /hookwire\.db cannot be read or written/],
  ])('names the database for the error "%s", and says what to do', (words, expected) => {
    const error = Object.assign(new Error(`${words} (${words})`), { code: 'ERR_SQLITE_ERROR' });
    expect(startProblem(error, config)).toMatchObject({
      reason: 'failed',
      message: expect.stringMatching(expected),
    });
  });

  it('leaves a mistake in a statement as it is', () => {
    const error = Object.assign(new Error('no such table: x'), { code: 'ERR_SQLITE_ERROR' });
    expect(startProblem(error, config)).toBe(error);
  });

  it('leaves an error that nobody expected as it is', () => {
    const error = failure('EIO');
    expect(startProblem(error, config)).toBe(error);
  });
});

/** A database with so many steps, real ones or others, and more. */
async function makeDatabase(
  dataDir: string,
  { steps = 0, real = 0, sql = '' }: { steps?: number; real?: number; sql?: string },
): Promise<void> {
  await mkdir(dataDir);
  const db = new DatabaseSync(join(dataDir, 'hookwire.db'));
  const others = Array.from({ length: steps }, (_, index) => ({
    ...{ number: index + 1, name: `step-${index + 1}`, sql: `create table step_${index + 1} (a)` },
  }));
  if (steps > 0) migrate(db, others);
  if (real > 0) migrate(db, migrations.slice(0, real));
  db.exec(sql);
  db.close();
}

describe('startGateway', () => {
  it.each<[string, (dataDir: string) => Promise<unknown>, RegExp]>([
    [
      'a database that is none',
      async (dataDir) => {
        await mkdir(dataDir);
        await writeFile(join(dataDir, 'hookwire.db'), 'no database at all '.repeat(100));
      },
      /data\/hookwire\.db is no SQLite database: put a backup/,
    ],
    [
      'a database of a newer version',
      async (dataDir) => makeDatabase(dataDir, { steps: 99 }),
      /written by a newer Hookwire: its schema is at step 99 \(step-99\), .*Start the newer version, restore/,
    ],
    [
      'a database of another application',
      async (dataDir) => makeDatabase(dataDir, { sql: 'create table events (a); create table invoices (a)' }),
      /belongs to another application \(it has the tables events, invoices .*nothing was changed/,
    ],
    [
      'a database that another application has marked',
      async (dataDir) => makeDatabase(dataDir, { sql: 'create table a (a); pragma application_id = 7' }),
      /belongs to another application \(its application id is 7\)/,
    ],
    [
      'a database with the migrations of another tool',
      async (dataDir) => makeDatabase(dataDir, { sql: 'create table schema_migrations (version text)' }),
      /belongs to another application \(it has the tables schema_migrations and none/,
    ],
    [
      'a step of the schema that does not go with what is there',
      async (dataDir) =>
        makeDatabase(dataDir, { real: 3, sql: 'drop table webhooks; create view webhooks as select 1 as a' }),
      /Step 4 \(failing-since\) of the database's schema failed: .*Nothing was changed/,
    ],
    [
      'a restore that was ended in the middle',
      async (dataDir) => {
        await mkdir(dataDir);
        await writeFile(join(dataDir, 'hookwire.restoring'), '');
      },
      /did not come to its end: run `hookwire restore` with the same backup again/,
    ],
    [
      'a directory in place of the database',
      (dataDir) => mkdir(join(dataDir, 'hookwire.db'), { recursive: true }),
      /data\/hookwire\.db cannot be opened: it must be a file/,
    ],
    [
      'a file in place of the directory',
      (dataDir) => writeFile(dataDir, ''),
      /\/data, .* is a file and no directory/,
    ],
  ])('says in one sentence what to do about %s', async (_what, prepare, words) => {
    const parent = await mkdtemp(join(tmpdir(), 'hookwire-start-'));
    const dataDir = join(parent, 'data');
    await prepare(dataDir);
    const start = startGateway(
      loadConfig({ HOOKWIRE_DATA_DIR: dataDir, HOOKWIRE_PORT: '0', HOOKWIRE_LOG_LEVEL: 'silent' }),
    );
    await expect(start).rejects.toMatchObject({ name: 'CliError', message: expect.stringMatching(words) });
    await rm(parent, { recursive: true });
  });
});
