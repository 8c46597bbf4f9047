import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeDirectory, temporaryDirectory } from '../../bench/harness/children.ts';
import { createFileSealing } from '../../src/cli/configuration-file/sealing.ts';
import { smsDlr } from '../../src/http/testing/webhook-bodies.ts';
import { openGateway } from '../../src/testing/gateway-fixture.ts';
import { configurations } from './configurations.ts';
import { type MovingDirectory, openMovingDirectory } from './directory.ts';

const head = { format: 'hookwire-configuration', version: 1 } as const;
const passphrase = 'correct horse battery';
const headerValue = 'value of a header';
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const customHeaders = [{ name: 'X-Key', value: headerValue }];
const webhooks = [
  { ...smsDlr, id: 'wh_one', customHeaders, secret },
  { ...smsDlr, id: 'wh_two', customHeaders, secret },
];
const content = { ...head, accounts: [{ id: 'acme', name: 'Acme', webhooks }] };

let root: string;
let right: string[];
let wrong: string[];
/** An empty file whose key costs little. */
let cheap: string;
beforeAll(() => {
  root = temporaryDirectory('sealed');
  const write = (name: string, text: string): string => {
    writeFileSync(join(root, name), text);
    return join(root, name);
  };
  right = ['--passphrase-file', write('right', `${passphrase}\n`)];
  wrong = ['--passphrase-file', write('wrong', 'another passphrase\n')];
  cheap = JSON.stringify({ ...head, sealing: createFileSealing(passphrase, 2 ** 14).entry });
});
afterAll(() => removeDirectory(root));

/** Exports in place of a file that has this text. */
function exportOver(directory: MovingDirectory, text: string, options = right): Promise<string> {
  return directory.exportOver(text, ...options);
}

describe('secrets in a file', () => {
  it('come out as they went in, and sealed alike where nothing has changed', async () => {
    await fc.assert(
      fc.asyncProperty(configurations, async (generated) => {
        using one = openMovingDirectory();
        using other = openMovingDirectory();
        expect(await one.import(generated)).toMatchObject({ code: 0 });
        const exported = await exportOver(one, cheap);
        const imported = await other.import(exported, ...right);
        expect(imported).toMatchObject({ code: 0 });
        expect(imported.err).not.toContain('New signing secrets');
        expect(await exportOver(other, exported)).toBe(exported);
        expect(await other.import(exported, ...right)).toMatchObject({
          err: 'Nothing to do: everything is as the file says.\n',
        });
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('are nowhere readable, and left out without a passphrase', async () => {
    using directory = openMovingDirectory();
    await directory.import(content);
    for (const text of [await directory.export(), await exportOver(directory, cheap)]) {
      expect(text).not.toContain(headerValue);
      expect(text).not.toContain(secret.slice(6));
    }
    expect(await directory.export()).not.toContain('sealed');
  });

  it('open with their passphrase alone', async () => {
    using directory = openMovingDirectory();
    await directory.import(content);
    const exported = await exportOver(directory, cheap);
    using other = openMovingDirectory();
    const refused = await other.import(exported, ...wrong);
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringContaining('sealed with another passphrase'),
    });
    const without = await other.import(exported);
    expect(without).toMatchObject({ code: 2, err: expect.stringContaining('--passphrase-file') });
    // What another passphrase sealed cannot be read, so everything is sealed anew.
    const anew = await exportOver(directory, exported, wrong);
    expect(JSON.parse(anew).sealing).toMatchObject({ kdf: 'scrypt', N: 2 ** 17, r: 8, p: 1 });
    expect(JSON.parse(anew).sealing.salt).not.toBe(JSON.parse(exported).sealing.salt);
  });

  it('do not open for another webhook or header, and not when they were changed', async () => {
    using directory = openMovingDirectory();
    await directory.import(content);
    const file = JSON.parse(await exportOver(directory, cheap));
    const [one, two] = file.accounts[0].webhooks;
    [one.sealedSecrets, two.sealedSecrets] = [two.sealedSecrets, one.sealedSecrets];
    one.customHeaders[0].name = 'X-Other';
    two.customHeaders[0].sealed = `AAAA${two.customHeaders[0].sealed.slice(4)}`;
    const { code, err } = await directory.import(file, ...right);
    expect(code).toBe(2);
    const places = [...err.matchAll(/^ {2}(\S+): was sealed for another/gm)].map(([, path]) => path);
    expect(places.toSorted()).toEqual([
      'accounts[0].webhooks[0].customHeaders[0].sealed',
      'accounts[0].webhooks[0].sealedSecrets[0].sealed',
      'accounts[0].webhooks[1].customHeaders[0].sealed',
      'accounts[0].webhooks[1].sealedSecrets[0].sealed',
    ]);
  });

  it('are not sealed for a passphrase that is guessed soon', async () => {
    using directory = openMovingDirectory();
    await directory.import(content);
    const short = join(root, 'short');
    writeFileSync(short, 'hunter2\n');
    expect(await directory.run('export', '--passphrase-file', short)).toMatchObject({ code: 2, out: '' });
  });

  it('move with those before them that still sign', async () => {
    await using gateway = await openGateway();
    const accountId = await gateway.createAccount();
    const { id } = await gateway.createWebhook(accountId, { url: 'https://example.com/dlr' });
    const path = `/v1/webhooks/${id}/secret`;
    await gateway.api('POST', `${path}/rotate`, { overlapHours: 24 });
    const { body: before } = await gateway.api('GET', path);
    using here = openMovingDirectory(gateway.dataDir);
    const exported = await exportOver(here, cheap);

    await using other = await openGateway();
    await other.gateway.close();
    using there = openMovingDirectory(other.dataDir);
    expect(await there.import(exported, ...right)).toMatchObject({ code: 0 });
    await other.restart();
    expect((await other.api('GET', path)).body).toEqual(before);
  });

  it('take the place of those that a webhook has, which end', async () => {
    await using gateway = await openGateway();
    await gateway.gateway.close();
    using directory = openMovingDirectory(gateway.dataDir);
    await directory.import(content);
    const other = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const changed = { id: 'acme', name: 'Acme', webhooks: [{ ...webhooks[0], secret: other }] };
    const { out } = await directory.import({ ...head, accounts: [changed] });
    expect(out).toContain('secret is another');
    await gateway.restart();
    const { body } = await gateway.api('GET', '/v1/webhooks/wh_one/secret');
    expect(body).toMatchObject({ secret: other, previous: [] });
  });
});

describe('a header without a value', () => {
  it('keeps the one that it has, while the URL stays at its origin', async () => {
    using directory = openMovingDirectory();
    await directory.import(content);
    const before = await exportOver(directory, cheap);
    const exported = await directory.export();
    expect(await directory.import(exported.replaceAll('com/dlr', 'com/other'))).toMatchObject({ code: 0 });
    const after = await exportOver(directory, before);
    expect(after).toBe(before.replaceAll('com/dlr', 'com/other'));
    const { code, err } = await directory.import(exported.replaceAll('example.com', 'example.org'));
    expect(code).toBe(2);
    expect(err).toContain('customHeaders[0].value: is not in the file, and its URL leads to another host');
  });
});
