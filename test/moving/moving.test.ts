import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { createKey } from '../../src/core/api-key.ts';
import { smsDlr, whatsappMo } from '../../src/http/testing/webhook-bodies.ts';
import { lockDirectory } from '../../src/stores/sqlite/writer/directory-lock.ts';
import { openGateway, type ShownWebhook } from '../../src/testing/gateway-fixture.ts';
import { configurations, withoutHeaders } from './configurations.ts';
import { openMovingDirectory } from './directory.ts';

const head = { format: 'hookwire-configuration', version: 1 } as const;
const acme = { id: 'acme', name: 'Acme', webhooks: [smsDlr, { ...smsDlr, url: 'https://example.com/two' }] };
const published = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/reference/configuration-file.schema.json'), 'utf8'),
);
const schema = Compile(published);

describe('configuration that is moved', () => {
  it('is the same, byte for byte, where it was imported into an empty directory', async () => {
    await fc.assert(
      fc.asyncProperty(configurations.map(withoutHeaders), async (content) => {
        using one = openMovingDirectory();
        using other = openMovingDirectory();
        expect(await one.import(content)).toMatchObject({ code: 0 });
        const exported = await one.export();
        expect(await other.import(exported)).toMatchObject({ code: 0 });
        expect(await other.export()).toBe(exported);
        expect(schema.Check(JSON.parse(exported))).toBe(true);
        expect(schema.Check(content)).toBe(true);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('changes nothing when it is imported again, and says so', async () => {
    using directory = openMovingDirectory();
    const first = await directory.import({ ...head, accounts: [acme] });
    expect(first.out).toContain('3 new');
    expect(first.err).toContain('New signing secrets were made for 2 webhooks');
    const exported = await directory.export();
    for (const content of [{ ...head, accounts: [acme] }, exported]) {
      const again = await directory.import(content);
      expect(again).toMatchObject({ code: 0, out: '3 as in the file.\n' });
      expect(again.err).toBe('Nothing to do: everything is as the file says.\n');
    }
    expect(await directory.export()).toBe(exported);
  });

  it('is told thing by thing by a dry run, which makes nothing', async () => {
    using directory = openMovingDirectory();
    const dry = await directory.import({ ...head, accounts: [acme] }, '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toContain('new      account acme (Acme)\n');
    expect(dry.err).toContain('this was a dry run');
    expect(existsSync(directory.dataDir)).toBe(false);

    await directory.import({ ...head, accounts: [acme] });
    const exported = await directory.export();
    const other = exported
      .replace('"name": "Acme"', '"name": "Acme Ltd"')
      .replace('"timeoutMs": 15000', '"timeoutMs": 5000')
      .replace('"status": "enabled"', '"status": "disabled"');
    const { out } = await directory.import(other, '--dry-run');
    expect(out).toMatch(/^changed {2}account acme \(Acme Ltd\)\n {11}name: "Acme" becomes "Acme Ltd"$/m);
    expect(out).toMatch(
      /^ {11}settings.timeoutMs: 15000 becomes 5000\n {11}status: "enabled" becomes "disabled"$/m,
    );
    expect(out).toContain('2 changed, 1 as in the file.');
    expect(await directory.export()).toBe(exported);
    await directory.import(other);
    expect(await directory.export()).toContain('"disabledReason": "by_user"');
  });

  it('leaves alone what the file does not have', async () => {
    using directory = openMovingDirectory();
    await directory.import({ ...head, accounts: [acme] });
    const { out } = await directory.import({ ...head, accounts: [{ id: 'acme', name: 'Acme' }] });
    expect(out).toBe('1 as in the file, 2 that the file does not have, which stay.\n');
    expect(JSON.parse(await directory.export()).accounts[0].webhooks).toHaveLength(2);
  });

  it('is imported whole or not at all, however the import ends', async () => {
    using directory = openMovingDirectory();
    await directory.import({ ...head, accounts: [{ id: 'before', name: 'Before' }] });
    const before = await directory.export();
    const masterKey = readFileSync(join(directory.dataDir, 'master.key'), 'utf8').trim();
    const program = join(import.meta.dirname, 'import-until-killed.ts');
    const database = join(directory.dataDir, 'hookwire.db');
    const child = spawn(process.execPath, [program, database, masterKey], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(await directory.export()).toBe(before);
    expect(await directory.import({ ...head, accounts: [acme] })).toMatchObject({ code: 0 });
  });

  it('is exported beside a gateway, and imported only where none runs', async () => {
    await using gateway = await openGateway();
    const accountId = await gateway.createAccount();
    const key = await gateway.createKey(accountId);
    await gateway.createSender(accountId, '919999999999');
    const { id } = await gateway.createWebhook(accountId, { url: 'https://example.com/dlr' });
    using here = openMovingDirectory(gateway.dataDir);
    const exported = await here.export();
    expect(exported).not.toContain(key);
    expect(exported).not.toContain(await gateway.secretOf(id));
    expect(JSON.parse(exported).accounts.map((account: { id: string }) => account.id)).toContain(accountId);

    expect(await here.import(exported, '--dry-run')).toMatchObject({ code: 0, out: '5 as in the file.\n' });
    const refused = await here.import({ ...head, accounts: [] });
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain('stop it before the import');
  });

  it('lets in who had a key, and is there for who had webhooks', async () => {
    const { key, hash } = createKey();
    await using gateway = await openGateway();
    const { dataDir } = gateway;
    await gateway.gateway.close();
    using directory = openMovingDirectory(dataDir);
    const scopes = ['webhooks:read'];
    const imported = await directory.import({
      ...head,
      accounts: [{ ...acme, keys: [{ name: 'old', hash, scopes }] }],
    });
    expect(imported).toMatchObject({ code: 0 });
    await gateway.restart();
    const { status, body } = await gateway.api<{ data: ShownWebhook[] }>(
      'GET',
      '/v1/webhooks',
      undefined,
      key,
    );
    expect(status).toBe(200);
    expect(body.data).toHaveLength(2);
  });
});

describe('a file that cannot be imported', () => {
  it('has everything that is wrong named by its place, and makes no directory', async () => {
    using directory = openMovingDirectory();
    const { code, err } = await directory.import({
      ...head,
      accounts: [
        {
          name: 'Acme',
          limits: { webhooks: 2 },
          senders: [{ product: 'whatsapp', productUniqueId: '919999999999' }],
          webhooks: [
            { ...smsDlr, url: 'https://10.0.0.1/' },
            { ...whatsappMo, productUniqueId: '918888888888', customHeaders: [{ name: 'X-Key' }] },
            { ...smsDlr, metod: 'GET', id: '7' },
            smsDlr,
            { ...smsDlr, url: 'https://example.com/two' },
            smsDlr,
          ],
        },
        { id: '-', name: 'Beta' },
      ],
    });
    expect(code).toBe(2);
    const places = [...err.matchAll(/^ {2}(\S+):/gm)].map(([, path]) => path);
    expect(places.toSorted()).toEqual([
      'accounts[0].webhooks',
      'accounts[0].webhooks[0].url',
      'accounts[0].webhooks[1].customHeaders[0].value',
      'accounts[0].webhooks[1].productUniqueId',
      'accounts[0].webhooks[2].id',
      'accounts[0].webhooks[2].metod',
      'accounts[0].webhooks[5].url',
      'accounts[1].id',
    ]);
    expect(existsSync(directory.dataDir)).toBe(false);
  });

  it.each([
    ['{', /is no JSON: /],
    [{}, /is no configuration of Hookwire/],
    [{ ...head, version: 2, whatever: 1 }, /has version 2 of the format, which a newer Hookwire wrote/],
    [
      '{"format":"hookwire-configuration","version":1,"accounts":[],"accounts":[]}',
      /accounts: must be given once/,
    ],
    [Buffer.from([0x7b, 0xe9, 0x7d]), /is not UTF-8: see its byte 1/],
    [{ ...head, accounts: [{ name: 'Acme \ud800' }] }, /accounts\[0\]\.name: has half of a surrogate pair/],
    [{ ...head, account: [] }, /account: is not a known field\. Did you mean "accounts"\?/],
  ])('is refused with the reason: %j', async (content, words) => {
    using directory = openMovingDirectory();
    const { code, err } = await directory.import(content);
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });

  it('names 50 places at most', async () => {
    using directory = openMovingDirectory();
    const webhooks = Array.from({ length: 80 }, () => ({ ...smsDlr, url: 'no URL' }));
    const { err } = await directory.import({ ...head, accounts: [{ ...acme, webhooks }] });
    expect(err).toContain('(the first 50 places)');
    expect(err.match(/webhooks\[\d+\]\.url/g)).toHaveLength(50);
  });

  it('does not give the id of something that was deleted to something else', async () => {
    await using gateway = await openGateway();
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: 'https://example.com/dlr' });
    using directory = openMovingDirectory(gateway.dataDir);
    const webhooks = [{ ...smsDlr, id }];
    await gateway.api('DELETE', `/v1/webhooks/${id}`);
    const { err } = await directory.import(
      { ...head, accounts: [{ id: accountId, name: 'Acme', webhooks }] },
      '--dry-run',
    );
    expect(err).toContain('accounts[0].webhooks[0].id: is that of a webhook that was deleted here');
  });

  it('is not read while another process has the directory', async () => {
    using directory = openMovingDirectory();
    await directory.import({ ...head, accounts: [acme] });
    const lock = lockDirectory(directory.dataDir);
    expect(await directory.import({ ...head, accounts: [acme] })).toMatchObject({ code: 3 });
    lock.release();
    expect(await directory.import({ ...head, accounts: [acme] })).toMatchObject({ code: 0 });
  });
});
