import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { createRecordedIo } from '../../src/cli/testing/recorded-io.ts';
import { movedTables } from '../../src/stores/moving/tables.ts';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { openMovingDirectory } from '../moving/directory.ts';
import { openBrowser } from '../people/person.ts';
import { report } from './reports.ts';
import { allAnswers, fillWorld, kept, openEndpoints, type World } from './world-to-move.ts';

const databases = createTestDatabases();
afterAll(() => databases.remove());
const masterKey = { HOOKWIRE_MASTER_KEY: 'the master key of both' };
const inDirectory = { ...masterKey, HOOKWIRE_DATABASE_URL: '' };
const on = (url: string) => ({ ...masterKey, HOOKWIRE_DATABASE_URL: url });

async function move(...argv: string[]) {
  const io = createRecordedIo(masterKey);
  const code = await runCli(['move', ...argv], io);
  return { code, out: io.stdout, err: io.stderr };
}

it('a gateway that is moved to PostgreSQL says and does what it said and did before', async () => {
  await using endpoints = await openEndpoints();
  await using before = await openGateway({ env: inDirectory });
  const world = await fillWorld(before, endpoints);
  const said = await allAnswers(before);
  const url = await databases.of('moved');
  const args = ['--from', before.dataDir, '--to', url];
  const running = await move(...args);
  expect(running).toMatchObject({ code: 3, err: expect.stringContaining('A Hookwire is running on') });
  await before.gateway.close();

  const dry = await move(...args, '--dry-run');
  expect(dry).toMatchObject({ code: 0, err: expect.stringContaining('this was a dry run') });
  expect(dry.out).toMatch(/^events +\d+$/m);
  const moved = await move(...args);
  expect(moved).toMatchObject({ code: 0, err: expect.stringContaining('Moved.') });
  expect(moved.out).toMatch(/^events +\d+ +[0-9a-f]{16}$/m);

  await using after = await openGateway({ env: on(url) });
  expect(await allAnswers(after)).toEqual(said);
  await goesOn(after, world, endpoints);
  await expect(before.restart()).rejects.toThrow(/everything here was moved to .*test_/);
});

it('a gateway that is moved back from PostgreSQL says and does what it said and did before', async () => {
  await using endpoints = await openEndpoints();
  const url = await databases.of('moved back');
  await using before = await openGateway({ env: on(url) });
  const world = await fillWorld(before, endpoints);
  const said = await allAnswers(before);
  using directory = openMovingDirectory();
  const args = ['--from', url, '--to', directory.dataDir];
  expect(await move(...args)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/The gateway .* is at work/),
  });
  await before.gateway.close();

  const moved = await move(...args);
  expect(moved).toMatchObject({ code: 0, err: expect.stringContaining('Moved.') });
  await using after = await openGateway({ env: { ...inDirectory, HOOKWIRE_DATA_DIR: directory.dataDir } });
  expect(await allAnswers(after)).toEqual(said);
  await goesOn(after, world, endpoints);
  await expect(openGateway({ env: on(url) })).rejects.toThrow(/everything here was moved to .*moving/);
});

it('what is moved there and back is the same, and so it is where the way back was killed again and again', async () => {
  await using endpoints = await openEndpoints();
  await using before = await openGateway({ env: inDirectory });
  const world = await fillWorld(before, endpoints);
  const bulk = await before.createAccount();
  for (let part = 0; part < 5; part++) {
    await before.accept(Array.from({ length: 500 }, (_, i) => report(bulk, `bulk-${part}-${i}`)));
  }
  const said = await allAnswers(before);
  await before.gateway.close();
  const url = await databases.of('there and back');
  const there = await move('--from', before.dataDir, '--to', url);
  expect(there).toMatchObject({ code: 0 });

  using directory = openMovingDirectory();
  let killed = 0;
  while ((await moveUntilKilled(url, directory.dataDir, 15 * (killed + 1))) === null) {
    if (killed++ > 0) continue;
    const half = { ...inDirectory, HOOKWIRE_DATA_DIR: directory.dataDir };
    await expect(openGateway({ env: half })).rejects.toThrow(/run the same `hookwire move` again/);
  }
  expect(killed).toBeGreaterThan(1);
  const again = await databases.of('there again');
  expect(await move('--from', directory.dataDir, '--to', again)).toMatchObject({ code: 0, out: there.out });
  await using after = await openGateway({ env: on(again) });
  expect(await allAnswers(after)).toEqual(said);
  await goesOn(after, world, endpoints);
});

/** Nothing is sent twice, and nothing is forgotten. */
async function goesOn(
  gateway: GatewayFixture,
  { accountId, events, eventIds, key, waiting, ordered, email }: World,
  endpoints: Awaited<ReturnType<typeof openEndpoints>>,
): Promise<void> {
  const again = await gateway.accept(events);
  expect(again.events).toEqual(eventIds.map((id) => expect.objectContaining({ id, result: 'duplicate' })));
  expect((await gateway.api('GET', '/v1/webhooks', undefined, key)).status).toBe(200);
  expect(await openBrowser(gateway).signIn(email)).toBe(200);
  const label = endpoints.receiver.url;
  expect(await kept(gateway, accountId, label)).toMatchObject({ productUniqueId: '918888888888' });

  endpoints.isWell = true;
  const tried = endpoints.sentTo('/down/').length;
  for (const id of [waiting, ordered]) await gateway.api('POST', `/v1/webhooks/${id}/enable`);
  const sent = () => endpoints.sentTo('/down/').slice(tried).sort();
  await eventually(sent, (messages) => messages.length >= 8);
  await gateway.idle();
  expect(sent()).toEqual(['one', 'one', 'one', 'one', 'three', 'three', 'two', 'two']);
}

/** Moves in a process that kills itself when it has told of its progress so often; its exit code, `null` where it was killed. */
async function moveUntilKilled(from: string, to: string, steps: number): Promise<number | null> {
  const program = join(import.meta.dirname, 'move-until-killed.ts');
  const args = [program, from, to, masterKey.HOOKWIRE_MASTER_KEY, String(steps)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

it('a move that is killed again and again goes on where it was, and until then no gateway starts on what is half full', async () => {
  await using endpoints = await openEndpoints();
  await using before = await openGateway({ env: inDirectory });
  const world = await fillWorld(before, endpoints);
  const bulk = await before.createAccount();
  for (let part = 0; part < 5; part++) {
    await before.accept(Array.from({ length: 500 }, (_, i) => report(bulk, `bulk-${part}-${i}`)));
  }
  const said = await allAnswers(before);
  await before.gateway.close();
  const url = await databases.of('killed');

  let killed = 0;
  // Each comes further than the one before, since what is compared is read from its beginning.
  while ((await moveUntilKilled(before.dataDir, url, 15 * (killed + 1))) === null) {
    if (killed++ > 0) continue;
    await expect(openGateway({ env: on(url) })).rejects.toThrow(/run the same `hookwire move` again/);
    const fromAnother = await openGateway({ env: inDirectory });
    await fromAnother.gateway.close();
    const other = await move('--from', fromAnother.dataDir, '--to', url);
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining(`half full of what was in`) });
    await fromAnother[Symbol.asyncDispose]();
  }
  expect(killed).toBeGreaterThan(1);
  await using after = await openGateway({ env: on(url) });
  expect(await allAnswers(after)).toEqual(said);
  await goesOn(after, world, endpoints);
});

it('a move that ended when all was there but neither store was ready goes on', async () => {
  await using before = await openGateway({ env: inDirectory });
  const accountId = await before.createAccount();
  await before.gateway.close();
  const url = await databases.of('all but ready');
  const args = ['--from', before.dataDir, '--to', url];
  expect(await move(...args)).toMatchObject({ code: 0 });
  // As it is between the mark of the old store and the end of that of the new one.
  const { source } = JSON.parse(readFileSync(join(before.dataDir, 'hookwire.moved'), 'utf8')) as {
    source: string;
  };
  const client = new pg.Client(url);
  await client.connect();
  const place = JSON.stringify({ step: movedTables.length + 2, after: null });
  const mark = "insert into moves (id, direction, other, source, place) values (1, 'into', $1, $2, $3)";
  await client.query(mark, [before.dataDir, source, place]);
  await client.end();
  await expect(openGateway({ env: on(url) })).rejects.toThrow(/run the same `hookwire move` again/);
  expect(await move(...args)).toMatchObject({ code: 0 });
  await using after = await openGateway({ env: on(url) });
  expect((await after.api('GET', `/v1/accounts/${accountId}`)).status).toBe(200);
  expect(await move(...args)).toMatchObject({ code: 3 });
  await after.gateway.close();
  expect(await move(...args)).toMatchObject({ code: 2, err: expect.stringContaining('is not empty') });
  await expect(before.restart()).rejects.toThrow(/everything here was moved to/);
});

it('takes the master key of a data directory, and brings it into the one that it moves to', async () => {
  await using before = await openGateway({ env: { HOOKWIRE_DATABASE_URL: '' } });
  const { id } = await before.createWebhook(await before.createAccount(), { url: 'https://example.com/dlr' });
  const secret = await before.secretOf(id);
  await before.gateway.close();
  const url = await databases.of('key of a file');
  using directory = openMovingDirectory();
  for (const [from, to] of [
    [before.dataDir, url],
    [url, directory.dataDir],
  ] as const) {
    const io = createRecordedIo({ HOOKWIRE_DATA_DIR: before.dataDir });
    expect(await runCli(['move', '--from', from, '--to', to], io), io.stderr).toBe(0);
    expect(io.stderr).toContain(`${before.dataDir}/master.key`);
  }
  const env = { HOOKWIRE_DATABASE_URL: '', HOOKWIRE_DATA_DIR: directory.dataDir };
  await using after = await openGateway({ env });
  expect(await after.secretOf(id)).toBe(secret);
});

it('is refused where the database is in use or not empty, and where the master key is another', async () => {
  await using before = await openGateway({ env: inDirectory });
  await before.createAccount();
  await before.gateway.close();
  const url = await databases.of('in use');
  await using other = await openGateway({ env: on(url) });
  const args = ['--from', before.dataDir, '--to', url];
  expect(await move(...args)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/The gateway .* is at work/),
  });
  await other.createAccount();
  await other.gateway.close();
  expect(await move(...args)).toMatchObject({
    code: 2,
    err: expect.stringContaining(
      "The database is not empty, it has accounts, ids of master keys, the gateway's own secrets",
    ),
  });
  const io = createRecordedIo({ HOOKWIRE_MASTER_KEY: 'the master key of another' });
  const empty = await databases.of('empty');
  expect(await runCli(['move', '--from', before.dataDir, '--to', empty], io)).toBe(2);
  expect(io.stderr).toContain('master key');
  expect(await move('--from', before.dataDir, '--to', join(before.dataDir, 'other'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('One of --from and --to is a data directory'),
  });
});
