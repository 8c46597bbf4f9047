import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { createRecordedIo } from '../../src/cli/testing/recorded-io.ts';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { report } from './reports.ts';

it('configuration is exported beside a gateway on PostgreSQL, and imported into another database', async () => {
  const databases = createTestDatabases();
  const env = {
    HOOKWIRE_DATABASE_URL: await databases.of('from'),
    HOOKWIRE_MASTER_KEY: 'a passphrase of the first',
  };
  await using gateway = await openGateway({ env });
  const accountId = await gateway.createAccount();
  const key = await gateway.createKey(accountId);
  await gateway.createWebhook(accountId, { url: 'https://example.com/dlr' });

  const run = async (changes: object, ...argv: string[]) => {
    const io = createRecordedIo({ HOOKWIRE_DATA_DIR: gateway.dataDir, ...env, ...changes });
    return { code: await runCli(argv, io), out: io.stdout, err: io.stderr };
  };
  const file = join(gateway.dataDir, 'configuration.json');
  const exported = await run({}, 'export');
  expect(exported).toMatchObject({ code: 0 });
  expect(exported.out).not.toContain(key);
  writeFileSync(file, exported.out);

  const to = {
    HOOKWIRE_DATABASE_URL: await databases.of('to'),
    HOOKWIRE_MASTER_KEY: 'a passphrase of the other',
  };
  expect(await run(to, 'import', file)).toMatchObject({ code: 0 });
  expect(await run(to, 'import', file)).toMatchObject({
    code: 0,
    err: expect.stringContaining('Nothing to do'),
  });
  expect((await run(to, 'export')).out).toBe(exported.out);
});

it('configuration that is imported beside a gateway on PostgreSQL is what it goes by at once', async () => {
  const databases = createTestDatabases();
  const env = {
    HOOKWIRE_DATABASE_URL: await databases.of('beside'),
    HOOKWIRE_MASTER_KEY: 'a passphrase of this one',
  };
  const receiver = await createReceiver();
  await using gateway = await openGateway({ env });
  const accountId = await gateway.createAccount();
  const key = await gateway.createKey(accountId);
  await gateway.createWebhook(accountId, { url: `${receiver.url}/before` });
  let calls = 0;
  const call = () => {
    const { accountId: _, ...event } = report(accountId, `message-${calls++}`);
    return gateway.api('POST', '/v1/events', event, key);
  };
  const paths = (): string[] => receiver.requests.map(({ path }) => path);
  expect(await call()).toMatchObject({ status: 202 });
  await eventually(paths, (all) => all.includes('/before'));

  const run = async (...argv: string[]) => {
    const io = createRecordedIo({
      HOOKWIRE_DATA_DIR: gateway.dataDir,
      HOOKWIRE_ALLOW_NETWORKS: '127.0.0.0/8',
      ...env,
    });
    return { code: await runCli(argv, io), out: io.stdout, err: io.stderr };
  };
  const file = join(gateway.dataDir, 'changed.json');
  const importWith = async (text: string, other: string): Promise<void> => {
    writeFileSync(file, (await run('export')).out.replaceAll(text, other));
    expect(await run('import', file)).toMatchObject({ code: 0 });
  };
  await importWith('/before', '/after');
  await eventually(
    async () => {
      expect(await call()).toMatchObject({ status: 202 });
      return paths();
    },
    (all) => all.includes('/after'),
  );
  await importWith('"events:write",', '');
  await eventually(call, ({ status }) => status === 403);
  await gateway.idle();
  await receiver.close();
});
