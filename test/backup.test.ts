import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backUpUnderLoad } from '../bench/harness/backup-under-load.ts';
import { removeDirectory, temporaryDirectory } from '../bench/harness/children.ts';
import { type CliEnd, runCli as runCliProcess } from '../bench/harness/cli-process.ts';
import { root } from '../bench/harness/machine.ts';
import { startGatewayProcess } from '../bench/harness/processes.ts';
import { callApi } from '../bench/harness/setup.ts';
import { runCli } from '../src/cli/run.ts';
import { createRecordedIo } from '../src/cli/testing/recorded-io.ts';
import { loadConfig } from '../src/config/config.ts';
import { openDirectory } from '../src/data-directory.ts';
import { lockDirectory } from '../src/stores/sqlite/writer/directory-lock.ts';
import { testWebhook } from '../src/testing/factories.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

const mebibyte = 1024 * 1024;
const unix = process.platform !== 'win32';

describe('hookwire backup and restore', () => {
  let place: string;
  /** Of a gateway with an account and its webhook. */
  let made: { readonly place: string; readonly file: string; readonly key: string };
  const at = (name: string): string => join(place, name);

  /** In this process, as far as it does not matter in which. */
  async function hookwire(dataDir: string, ...args: string[]): Promise<CliEnd> {
    const io = createRecordedIo({ HOOKWIRE_DATA_DIR: dataDir, HOOKWIRE_PORT: '0' });
    const code = await runCli(args, io);
    return { code, stdout: io.stdout, stderr: io.stderr };
  }

  beforeAll(async () => {
    const directory = temporaryDirectory('made');
    made = { place: directory, file: join(directory, 'made.db'), key: join(directory, 'made.key') };
    const dataDir = join(directory, 'data');
    const config = loadConfig({ HOOKWIRE_DATA_DIR: dataDir, HOOKWIRE_LOG_LEVEL: 'silent' });
    const { directory: store, close } = await openDirectory(config, () => {});
    await store.createAccount({ id: 'acme', name: 'Acme', createdAt: 1 });
    await store.createWebhook(testWebhook({ accountId: 'acme' }), {
      secret: 'whsec_c2VjcmV0',
      expiresAt: null,
    });
    await close();
    expect(await hookwire(dataDir, 'backup', made.file, '--key-file', made.key)).toMatchObject({ code: 0 });
  });
  afterAll(() => removeDirectory(made.place));
  beforeEach(() => {
    place = temporaryDirectory('backup');
  });
  afterEach(() => removeDirectory(place));

  async function restoreInto(dataDir: string): Promise<void> {
    expect(await hookwire(dataDir, 'restore', made.file, '--key', made.key)).toMatchObject({ code: 0 });
  }

  function webhooksIn(dataDir: string): unknown {
    const db = new DatabaseSync(join(dataDir, 'hookwire.db'));
    try {
      expect(db.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
      return db.prepare('select count(*) as n from webhooks').get()?.n;
    } finally {
      db.close();
    }
  }

  it('has all that was acknowledged before, and nothing torn, while a load goes on; and a gateway starts on it', async () => {
    await using receiver = await createReceiver([200]);
    const gateway = await startGatewayProcess({ HOOKWIRE_DATA_DIR: at('data') });
    copyFileSync(at('data/master.key'), at('key'));
    const round = await backUpUnderLoad({
      ...{ gateway, endpoint: receiver.url, file: at('backup.db') },
      ...{ rate: 300, batch: 10, quietMs: 1_000 },
    });
    await gateway[Symbol.asyncDispose]();
    expect(round.verdict).toMatchObject({ missing: 0, torn: 0, integrity: 'ok' });
    expect(round.lastId).not.toBe('');
    expect(round.refused).toBe(0);
    expect(round.during.largestWalBytes).toBeLessThan(64 * mebibyte);
    // One file, nothing beside it, for its owner only.
    expect(readdirSync(place).sort()).toEqual(['backup.db', 'data', 'key']);
    if (unix) expect(statSync(at('backup.db')).mode & 0o777).toBe(0o600);

    const restored = await hookwire(at('standby'), 'restore', at('backup.db'), '--key', at('key'));
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('1 webhooks') });
    await using second = await startGatewayProcess({ HOOKWIRE_DATA_DIR: at('standby') });
    const found = await callApi<{ data: object[] }>(second, 'GET', `/v1/events?messageId=${round.lastId}`);
    expect(found.data).toHaveLength(1);
  });

  it('refuses a restore where a gateway runs, where there is data, and where the master key is another one', async () => {
    await restoreInto(at('data'));
    const before = readFileSync(at('data/hookwire.db'));
    const lock = lockDirectory(at('data'));
    expect(await hookwire(at('data'), 'restore', made.file, '--replace')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/A Hookwire is running on .*data: stop it/),
    });
    lock.release();
    const reader = new DatabaseSync(at('data/hookwire.db'));
    reader.exec('begin; select 1 from webhooks');
    expect(await hookwire(at('data'), 'restore', made.file, '--replace')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/Another command .* is at work on .*hookwire\.db/),
    });
    reader.close();
    expect(await hookwire(at('data'), 'restore', made.file)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has a database: give --replace/),
    });
    writeFileSync(at('data/master.key'), `${Buffer.alloc(32, 1).toString('base64')}\n`);
    expect(await hookwire(at('data'), 'restore', made.file, '--replace')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/sealed with master key [0-9a-f]{16}, and here is [0-9a-f]{16}/),
    });
    expect(readFileSync(at('data/hookwire.db')).equals(before)).toBe(true);
    expect(readdirSync(at('data')).sort()).toEqual(['hookwire.db', 'hookwire.lock', 'master.key']);
  });

  it('keeps what was there under another name, with its log, also when it is damaged', async () => {
    await restoreInto(at('data'));
    writeFileSync(at('data/hookwire.db'), 'no database at all '.repeat(500));
    writeFileSync(at('data/hookwire.db-wal'), 'its log');
    const { code, stdout } = await hookwire(at('data'), 'restore', made.file, '--replace');
    expect(code).toBe(0);
    const kept = readdirSync(at('data')).filter((name) => name.includes('.before-restore-'));
    expect(kept.map((name) => name.replace(/\d{8}T\d{6}Z/, 'now')).sort()).toEqual([
      'hookwire.db.before-restore-now',
      'hookwire.db.before-restore-now-wal',
    ]);
    for (const name of kept) expect(stdout).toContain(name);
    expect(existsSync(at('data/hookwire.db-wal'))).toBe(false);
    expect(webhooksIn(at('data'))).toBe(1);
  });

  it('tells a damaged file, another file and a newer version from a backup', async () => {
    await restoreInto(at('data'));
    const damaged = readFileSync(made.file);
    damaged.fill(0xff, 4096 * 3, 4096 * 12);
    writeFileSync(at('damaged.db'), damaged);
    writeFileSync(at('text.db'), 'no backup');
    copyFileSync(made.file, at('newer.db'));
    const db = new DatabaseSync(at('newer.db'));
    db.exec("insert into schema_migrations values (99, 'of-tomorrow', 0)");
    db.close();
    const answers = await Promise.all(
      ['damaged.db', 'text.db', 'newer.db'].map((name, index) =>
        hookwire(at(`empty${index}`), 'restore', at(name), '--key', made.key),
      ),
    );
    expect(answers.map(({ code }) => code)).toEqual([6, 6, 6]);
    expect(answers[0]?.stderr).toMatch(/damaged\.db is damaged: /);
    expect(answers[1]?.stderr).toMatch(/text\.db is no backup of Hookwire/);
    expect(answers[2]?.stderr).toMatch(/newer Hookwire: its schema is at step 99 \(of-tomorrow\)/);
    expect(readdirSync(at('empty0'))).toEqual(['hookwire.lock']);
  });

  it('writes over nothing that it was not told to, and never over the files of the gateway', async () => {
    await restoreInto(at('data'));
    writeFileSync(at('there.db'), 'precious');
    expect(await hookwire(at('data'), 'backup', at('there.db'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/there\.db is there already: .*--force/),
    });
    expect(readFileSync(at('there.db'), 'utf8')).toBe('precious');
    for (const name of ['hookwire.db', 'master.key', 'hookwire.db-wal']) {
      expect(await hookwire(at('data'), 'backup', at(`data/${name}`), '--force')).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/one of the gateway's own files/),
      });
    }
    expect((await hookwire(at('data'), 'backup', '-')).code).toBe(2);
    expect(await hookwire(at('data'), 'backup', at('one'), '--key-file', at('one'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/name two/),
    });
    expect(existsSync(at('one'))).toBe(false);
    expect((await hookwire(at('nothing'), 'backup', at('new.db'))).code).toBe(2);
    expect(existsSync(at('nothing'))).toBe(false);
    expect((await hookwire(at('data'), 'backup', at('there.db'), '--force')).code).toBe(0);
    expect(readFileSync(at('there.db'), 'latin1')).toMatch(/^SQLite format 3/);
  });

  it.runIf(unix)('leaves no half file where the disk takes no more', async () => {
    await restoreInto(at('data'));
    const db = new DatabaseSync(at('data/hookwire.db'));
    db.exec('create table filling (data blob)');
    db.prepare('insert into filling values (randomblob(?))').run(2 * mebibyte);
    db.close();
    // In blocks of 512 bytes. The signal that comes with the error would end the process before it can say so.
    const limited = `trap '' XFSZ; ulimit -f 2048; exec "$0" "$@"`;
    const child = spawn(
      'sh',
      ['-c', limited, process.execPath, join(root, 'src/main.ts'), 'backup', at('half.db')],
      { env: { PATH: process.env.PATH, HOOKWIRE_DATA_DIR: at('data') }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr).toMatch(/half\.db could not be written: .* Nothing was left of it\.\n$/);
    expect(readdirSync(place).filter((name) => name.startsWith('half'))).toEqual([]);
  });

  it('leaves the old data or the new wherever a restore is killed, and nothing that could be taken for either', async () => {
    await restoreInto(at('data'));
    /** @returns whether it came to that call */
    async function killAt(call: number): Promise<boolean> {
      const { code, stderr } = await runCliProcess(['restore', made.file, '--replace'], {
        ...{ HOOKWIRE_DATA_DIR: at('data'), HOOKWIRE_TEST_ENDS_AT: String(call) },
        NODE_OPTIONS: `--import=${pathToFileURL(join(root, 'test/backup/end-at-call.ts'))}`,
      });
      expect([0, null], stderr).toContain(code);
      return code === null;
    }
    let halves = 0;
    for (let call = 1; await killAt(call); call++) {
      if (existsSync(at('data/hookwire.restoring'))) {
        halves++;
        expect((await hookwire(at('data'), 'keys', 'list')).code).toBe(6);
        expect(await hookwire(at('data'), 'restore', made.file, '--replace')).toMatchObject({ code: 0 });
      }
      expect(webhooksIn(at('data'))).toBe(1);
    }
    expect(halves).toBeGreaterThan(4);
    expect(readdirSync(at('data')).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('refuses to start between the old data and the new', async () => {
    await restoreInto(at('data'));
    writeFileSync(at('data/hookwire.restoring'), '');
    for (const command of [['serve'], ['keys', 'list'], ['backup', at('no.db')]]) {
      expect(await hookwire(at('data'), ...command)).toMatchObject({
        code: 6,
        stderr: expect.stringMatching(/restore into .* did not come to its end: run `hookwire restore`/),
      });
    }
    expect(await hookwire(at('data'), 'restore', made.file, '--replace')).toMatchObject({ code: 0 });
    expect(await hookwire(at('data'), 'keys', 'list')).toMatchObject({ code: 0 });
  });
});
