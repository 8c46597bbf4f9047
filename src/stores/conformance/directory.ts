import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Webhook } from '../../core/webhook.ts';
import { testWebhook } from '../../testing/factories.ts';
import type { ApiKey, Directory, Sender, WebhookFilter } from '../ports/directory.ts';
import type { Page, PageRequest } from '../ports/page.ts';

/** An empty directory of the store under test. */
export interface OpenDirectory {
  readonly directory: Directory;
  readonly dispose: () => Promise<void>;
}

const at = Date.UTC(2026, 10, 22, 10, 0, 0);
const all: PageRequest = { limit: 100, cursor: null };
const current = { secret: 'whsec_first', expiresAt: null };

function webhook(parts: Partial<Webhook> = {}): Webhook {
  return testWebhook({ createdAt: at, updatedAt: at, ...parts });
}

function key(parts: Partial<ApiKey> = {}): ApiKey {
  return { id: 'key_1', accountId: 'acc_1', name: 'main', scopes: ['events:write'], createdAt: at, ...parts };
}

function sender(parts: Partial<Sender> = {}): Sender {
  return {
    id: 'snd_1',
    accountId: 'acc_1',
    product: 'whatsapp',
    productUniqueId: '919999999999',
    label: null,
    createdAt: at,
    ...parts,
  };
}

/** Follows the cursors to the end; each entry is the ids of one page. */
async function walk(list: (page: PageRequest) => Promise<Page<{ id: string }>>, limit: number) {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page: Page<{ id: string }> = await list({ limit, cursor });
    pages.push(page.data.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

/** What every store's directory does. */
export function directoryConformance(name: string, open: () => Promise<OpenDirectory>): void {
  describe(`${name}: directory`, () => {
    let directory: Directory;
    let dispose: () => Promise<void>;

    beforeEach(async () => {
      ({ directory, dispose } = await open());
      await directory.createAccount({ id: 'acc_1', name: 'Asha Retail', createdAt: at });
      await directory.createAccount({ id: 'acc_2', name: 'Bolt', createdAt: at + 1 });
    });
    afterEach(() => dispose());

    const keyOf = async (hash: string) => (await directory.findKeys([hash])).keys.get(hash) ?? null;

    describe('accounts', () => {
      it('gives back what was created', async () => {
        const account = {
          id: 'acc_3',
          name: 'Zoë 🙂 "x"',
          createdAt: at,
          limits: { webhooks: 3 },
          keep: { payloadDays: 0, logDays: null },
        };
        expect(await directory.createAccount(account)).toEqual(account);
        expect(await directory.getAccount('acc_3')).toEqual(account);
      });

      it('refuses an id that is taken and leaves its owner as it was', async () => {
        expect(await directory.createAccount({ id: 'acc_1', name: 'Other', createdAt: at })).toBeNull();
        expect(await directory.getAccount('acc_1')).toMatchObject({ name: 'Asha Retail' });
      });

      it('renames an account, and only one that exists', async () => {
        expect(await directory.changeAccount('acc_1', { name: 'Asha' })).toEqual({
          id: 'acc_1',
          name: 'Asha',
          createdAt: at,
          limits: {},
          keep: { payloadDays: null, logDays: null },
        });
        expect(await directory.getAccount('acc_1')).toMatchObject({ name: 'Asha' });
        expect(await directory.changeAccount('acc_9', { name: 'Asha' })).toBeNull();
      });

      it('changes each limit by itself, and takes one away with null', async () => {
        await directory.changeAccount('acc_1', { limits: { webhooks: 5, keys: 2 } });
        await directory.changeAccount('acc_1', { name: 'Asha', limits: { keys: null, tests: 1 } });
        expect(await directory.getAccount('acc_1')).toMatchObject({
          name: 'Asha',
          limits: { webhooks: 5, tests: 1 },
        });
        expect((await directory.getAccount('acc_1'))?.limits).not.toHaveProperty('keys');
        expect(await directory.getAccount('acc_2')).toMatchObject({ limits: {} });
        const listed = (await directory.listAccounts(all)).data.find(({ id }) => id === 'acc_1');
        expect(listed?.limits).toEqual({ webhooks: 5, tests: 1 });
      });

      it('changes how long things are kept, each time by itself', async () => {
        await directory.changeAccount('acc_1', { keep: { payloadDays: 7, logDays: 90 } });
        await directory.changeAccount('acc_1', { keep: { payloadDays: null } });
        await directory.changeAccount('acc_1', { name: 'Asha' });
        expect(await directory.getAccount('acc_1')).toMatchObject({
          keep: { payloadDays: null, logDays: 90 },
        });
        expect(await directory.getAccount('acc_2')).toMatchObject({
          keep: { payloadDays: null, logDays: null },
        });
      });

      it('deletes an account with its keys, senders, webhooks and secrets, and nothing of another', async () => {
        await directory.createKey(key(), 'hash-1');
        await directory.createKey(key({ id: 'key_2', accountId: 'acc_2' }), 'hash-2');
        await directory.createSender(sender());
        await directory.createWebhook(webhook(), current);
        await directory.createWebhook(webhook({ id: 'wh_2', accountId: 'acc_2' }), current);

        expect(await directory.deleteAccount('acc_1')).toBe(true);

        expect(await directory.getAccount('acc_1')).toBeNull();
        expect(await keyOf('hash-1')).toBeNull();
        expect(await directory.getSender('snd_1')).toBeNull();
        expect(await directory.getWebhook('wh_1')).toBeNull();
        expect(await directory.getSecrets('wh_1', at)).toEqual([]);
        expect(await walk((page) => directory.listAccounts(page), 10)).toEqual([['acc_2']]);
        expect((await directory.loadWebhooks()).map((entry) => entry.webhook.id)).toEqual(['wh_2']);
        expect(await keyOf('hash-2')).not.toBeNull();
        expect(await directory.getSecrets('wh_2', at)).toEqual([current]);
      });

      it('deletes an account once, changes a deleted one no more, and keeps its id taken', async () => {
        await directory.deleteAccount('acc_1');
        expect(await directory.deleteAccount('acc_1')).toBe(false);
        expect(await directory.changeAccount('acc_1', { name: 'again' })).toBeNull();
        expect(await directory.createAccount({ id: 'acc_1', name: 'again', createdAt: at })).toBeNull();
      });

      describe('with a limit', () => {
        const made = Array.from({ length: 20 }, (_, i) => i);
        const taken = (results: readonly unknown[]) =>
          results.filter((result) => result !== false && result !== 'full').length;

        it('takes exactly as many of 20 keys at once as there is room for, beside those of others', async () => {
          await directory.createKey(key({ id: 'other', accountId: 'acc_2' }), 'other');
          await directory.createKey(key({ id: 'first' }), 'first');
          const results = await Promise.all(
            made.map((i) => directory.createKey(key({ id: `key_${i}` }), `hash-${i}`, 4)),
          );
          expect(taken(results)).toBe(3);
          expect(await directory.countOwned('acc_1')).toEqual({ webhooks: 0, keys: 4, senders: 0 });
        });

        it('takes exactly as many of 20 senders at once as there is room for', async () => {
          const results = await Promise.all(
            made.map((i) =>
              directory.createSender(sender({ id: `snd_${i}`, productUniqueId: `91999999${1000 + i}` }), 4),
            ),
          );
          expect(taken(results)).toBe(4);
          expect(await directory.countOwned('acc_1')).toEqual({ webhooks: 0, keys: 0, senders: 4 });
        });

        it('takes exactly as many of 20 webhooks at once as there is room for, deleted ones not counted', async () => {
          await directory.createWebhook(webhook({ id: 'gone' }), current);
          await directory.deleteWebhook('gone', at);
          const results = await Promise.all(
            made.map((i) => directory.createWebhook(webhook({ id: `wh_${i}` }), current, 4)),
          );
          expect(taken(results)).toBe(4);
          expect(await directory.countOwned('acc_1')).toEqual({ webhooks: 4, keys: 0, senders: 0 });
          expect(await directory.restoreWebhook('gone', 0, at, 4)).toBe('full');
          expect(await directory.restoreWebhook('gone', 0, at, 5)).toMatchObject({ id: 'gone' });
        });

        it('leaves what is over a new limit as it is', async () => {
          for (const id of ['wh_1', 'wh_2', 'wh_3']) await directory.createWebhook(webhook({ id }), current);
          expect(await directory.createWebhook(webhook({ id: 'wh_4' }), current, 2)).toBe(false);
          expect((await directory.countOwned('acc_1')).webhooks).toBe(3);
          expect(await directory.getWebhook('wh_4')).toBeNull();
        });
      });

      it('takes no key, sender or webhook for an account that is unknown or deleted', async () => {
        await directory.deleteAccount('acc_1');
        for (const accountId of ['acc_1', 'acc_9']) {
          const refused = { code: 'not_found' };
          await expect(directory.createKey(key({ accountId }), 'hash')).rejects.toMatchObject(refused);
          await expect(directory.createSender(sender({ accountId }))).rejects.toMatchObject(refused);
          await expect(directory.createWebhook(webhook({ accountId }), current)).rejects.toMatchObject(
            refused,
          );
        }
        expect(await keyOf('hash')).toBeNull();
        expect(await directory.getWebhookVersion('wh_1', 1)).toBeNull();
      });
    });

    describe('lists', () => {
      it('come newest first, by id where the time is the same, page by page without gap or repeat', async () => {
        const made = ['acc_a', 'acc_c', 'acc_b'];
        for (const id of made) await directory.createAccount({ id, name: id, createdAt: at + 10 });
        expect(await walk((page) => directory.listAccounts(page), 2)).toEqual([
          ['acc_c', 'acc_b'],
          ['acc_a', 'acc_2'],
          ['acc_1'],
        ]);
      });

      it('give no further page after a last one that is full', async () => {
        expect(await walk((page) => directory.listAccounts(page), 2)).toEqual([['acc_2', 'acc_1']]);
      });

      it('are not moved by what is created while a caller walks through', async () => {
        const first = await directory.listAccounts({ limit: 1, cursor: null });
        await directory.createAccount({ id: 'acc_new', name: 'new', createdAt: at + 5 });
        const second = await directory.listAccounts({ limit: 1, cursor: first.nextCursor });
        expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(['acc_2', 'acc_1']);
      });

      it('refuse a cursor that no list gave', async () => {
        const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const broken = [
          '',
          'x',
          '%%%',
          encode({}),
          encode([1]),
          encode(['1', 'a']),
          encode([1.5, 'a']),
          encode([1, 2]),
        ];
        for (const cursor of broken) {
          const page = { limit: 10, cursor };
          const refused = { code: 'invalid_request' };
          await expect(directory.listAccounts(page)).rejects.toMatchObject(refused);
          await expect(directory.listKeys(null, page)).rejects.toMatchObject(refused);
          await expect(directory.listSenders({ accountId: null }, page)).rejects.toMatchObject(refused);
          await expect(directory.listWebhooks({ accountId: null }, page)).rejects.toMatchObject(refused);
        }
      });
    });

    describe('keys', () => {
      it('are found by their hash, with their scopes', async () => {
        const full = key({ scopes: ['webhooks:read', 'deliveries:replay'] });
        await directory.createKey(full, 'hash-1');
        expect(await keyOf('hash-1')).toEqual(full);
        expect(await keyOf('hash-2')).toBeNull();
      });

      it('never share a hash', async () => {
        await directory.createKey(key(), 'hash-1');
        await expect(directory.createKey(key({ id: 'key_2' }), 'hash-1')).rejects.toThrow();
        expect(await keyOf('hash-1')).toMatchObject({ id: 'key_1' });
      });

      it('are listed for their owner only, operators being one of them', async () => {
        await directory.createKey(key({ id: 'key_1' }), 'hash-1');
        await directory.createKey(key({ id: 'key_2', createdAt: at + 1 }), 'hash-2');
        await directory.createKey(key({ id: 'key_3', accountId: 'acc_2' }), 'hash-3');
        await directory.createKey(key({ id: 'key_4', accountId: null, scopes: ['admin'] }), 'hash-4');
        expect(await walk((page) => directory.listKeys('acc_1', page), 1)).toEqual([['key_2'], ['key_1']]);
        expect(await walk((page) => directory.listKeys('acc_2', page), 10)).toEqual([['key_3']]);
        expect(await walk((page) => directory.listKeys(null, page), 10)).toEqual([['key_4']]);
      });

      it('are deleted by their owner only', async () => {
        await directory.createKey(key(), 'hash-1');
        expect(await directory.deleteKey('acc_2', 'key_1')).toBe(false);
        expect(await directory.deleteKey(null, 'key_1')).toBe(false);
        expect(await keyOf('hash-1')).not.toBeNull();
        expect(await directory.deleteKey('acc_1', 'key_1')).toBe(true);
        expect(await keyOf('hash-1')).toBeNull();
        expect(await directory.deleteKey('acc_1', 'key_1')).toBe(false);
      });

      it('that were deleted are told of, with those of a deleted account, to whoever knows less', async () => {
        const { deletions: before } = await directory.deletedKeys(0);
        for (const name of ['1', '2', '3'])
          await directory.createKey(key({ id: `key_${name}` }), `gone-${name}`);
        expect(await directory.deletedKeys(before)).toEqual({ hashes: [], deletions: before });
        await directory.deleteKey('acc_1', 'key_2');
        expect(await directory.deletedKeys(before)).toEqual({ hashes: ['gone-2'], deletions: before + 1 });
        expect(await directory.findKeys(['gone-1', 'gone-2'])).toMatchObject({ deletions: before + 1 });
        await directory.deleteAccount('acc_1');
        const { hashes, deletions } = await directory.deletedKeys(before + 1);
        expect([hashes?.toSorted(), deletions]).toEqual([['gone-1', 'gone-3'], before + 3]);
        expect(await directory.deletedKeys(deletions)).toEqual({ hashes: [], deletions });
      });

      it('are found many at once', async () => {
        await directory.createKey(key(), 'hash-1');
        await directory.createKey(key({ id: 'key_2' }), 'hash-2');
        const { keys } = await directory.findKeys(['hash-2', 'hash-0', 'hash-1']);
        expect([...keys].map(([hash, { id }]) => [hash, id]).toSorted()).toEqual([
          ['hash-1', 'key_1'],
          ['hash-2', 'key_2'],
        ]);
        expect((await directory.findKeys([])).keys.size).toBe(0);
      });

      it('of operators are deleted as such', async () => {
        await directory.createKey(key({ accountId: null }), 'hash-1');
        expect(await directory.deleteKey(null, 'key_1')).toBe(true);
        expect(await keyOf('hash-1')).toBeNull();
      });
    });

    describe('senders', () => {
      it('are given back as they were created', async () => {
        const labelled = sender({ label: 'Orders' });
        expect(await directory.createSender(labelled)).toEqual(labelled);
        expect(await directory.getSender('snd_1')).toEqual(labelled);
        expect(await directory.getSender('snd_2')).toBeNull();
      });

      it('exist once per account, product and number', async () => {
        await directory.createSender(sender());
        expect(await directory.createSender(sender({ id: 'snd_2', label: 'again' }))).toBeNull();
        expect(await directory.getSender('snd_2')).toBeNull();
        expect(await directory.createSender(sender({ id: 'snd_3', accountId: 'acc_2' }))).not.toBeNull();
      });

      it('are listed by account and product', async () => {
        await directory.createSender(sender());
        await directory.createSender(
          sender({ id: 'snd_2', productUniqueId: '918888888888', createdAt: at + 1 }),
        );
        await directory.createSender(sender({ id: 'snd_3', accountId: 'acc_2', createdAt: at + 2 }));
        const list = (filter: Parameters<Directory['listSenders']>[0]) =>
          walk((page) => directory.listSenders(filter, page), 2);
        expect(await list({ accountId: null })).toEqual([['snd_3', 'snd_2'], ['snd_1']]);
        expect(await list({ accountId: 'acc_1' })).toEqual([['snd_2', 'snd_1']]);
        expect(await list({ accountId: 'acc_1', product: 'whatsapp' })).toEqual([['snd_2', 'snd_1']]);
        expect(await list({ accountId: 'acc_1', product: 'sms' })).toEqual([[]]);
      });

      it('are deleted once, after which the number is free again', async () => {
        await directory.createSender(sender());
        expect(await directory.deleteSender('snd_1')).toBe(true);
        expect(await directory.deleteSender('snd_1')).toBe(false);
        expect(await directory.createSender(sender({ id: 'snd_2' }))).not.toBeNull();
      });
    });

    describe('webhooks', () => {
      const full = webhook({
        product: 'whatsapp',
        method: 'XML',
        url: 'https://example.com/dlr?token=a%20b',
        productUniqueId: '919999999999',
        parameterNames: { transactionId: 'txn', readTime: 'read' },
        customParameters: [{ name: 'tenant', value: '४२ & 🙂' }],
        customHeaders: [
          { name: 'X-Api-Key', value: 's3cret' },
          { name: 'x-empty', value: '' },
        ],
        description: 'orders team',
        settings: { ...webhook().settings, ratePerSecond: 5, success: { codes: [200], bodyContains: 'ok' } },
      });

      it('are given back as they were created', async () => {
        await directory.createWebhook(full, current);
        expect(await directory.getWebhook('wh_1')).toEqual(full);
        expect((await directory.listWebhooks({ accountId: 'acc_1' }, all)).data).toEqual([full]);
        expect(await directory.loadWebhooks()).toEqual([{ webhook: full, secrets: [current] }]);
        expect(await directory.getWebhook('wh_2')).toBeNull();
      });

      it('are created whole or not at all', async () => {
        await directory.createWebhook(full, current);
        const other = { secret: 'whsec_other', expiresAt: null };
        await expect(directory.createWebhook(webhook({ accountId: 'acc_2' }), other)).rejects.toThrow();
        expect(await directory.getWebhook('wh_1')).toEqual(full);
        expect(await directory.getSecrets('wh_1', at)).toEqual([current]);
        expect((await directory.listWebhooks({ accountId: 'acc_2' }, all)).data).toEqual([]);
      });

      it('get a version with every change, and each version can be read again', async () => {
        await directory.createWebhook(full, current);
        const changed = {
          ...full,
          url: 'https://example.org/',
          customHeaders: [{ name: 'X-Api-Key', value: 'new' }],
        };
        const replaced = await directory.replaceWebhook('wh_1', changed, at + 60_000);
        expect(replaced).toEqual({ ...changed, version: 2, updatedAt: at + 60_000 });
        expect(await directory.getWebhook('wh_1')).toEqual(replaced);
        const third = await directory.replaceWebhook('wh_1', full, at + 70_000);
        expect(third?.version).toBe(3);
        expect(await directory.getWebhookVersion('wh_1', 1)).toMatchObject({
          customHeaders: full.customHeaders,
        });
        expect(await directory.getWebhookVersion('wh_1', 2)).toMatchObject({ url: 'https://example.org/' });
        expect(await directory.getWebhookVersion('wh_1', 4)).toBeNull();
        expect(await directory.getWebhookVersion('wh_2', 1)).toBeNull();
      });

      it('hold in a version the configuration only', async () => {
        await directory.createWebhook(full, current);
        const config = await directory.getWebhookVersion('wh_1', 1);
        const {
          id,
          accountId,
          status,
          disabledReason,
          failingSince,
          version,
          createdAt,
          updatedAt,
          ...expected
        } = full;
        expect(config).toEqual(expected);
        await directory.replaceWebhook('wh_1', full, at + 1);
        expect(await directory.getWebhookVersion('wh_1', 2)).toEqual(expected);
      });

      it('are changed by one of several who began with the same version', async () => {
        await directory.createWebhook(full, current);
        const replaced = await Promise.all(
          ['a', 'b', 'c'].map((description) =>
            directory.replaceWebhook('wh_1', { ...full, description }, at + 1, 1),
          ),
        );
        const saved = replaced.filter((each) => each !== null);
        expect(saved).toHaveLength(1);
        expect(await directory.getWebhook('wh_1')).toEqual(saved[0]);
        expect(await directory.getWebhookVersion('wh_1', 3)).toBeNull();
        expect(await directory.replaceWebhook('wh_1', full, at + 2, 2)).toMatchObject({ version: 3 });
      });

      it('never lose a version when several change them at once', async () => {
        await directory.createWebhook(full, current);
        const paths = Array.from({ length: 10 }, (_, index) => `https://example.com/${index}`);
        const replaced = await Promise.all(
          paths.map((url) => directory.replaceWebhook('wh_1', { ...full, url }, at + 1)),
        );
        for (const saved of replaced) {
          const version = await directory.getWebhookVersion('wh_1', saved?.version ?? 0);
          expect(version?.url).toBe(saved?.url);
        }
        expect(new Set(replaced.map((saved) => saved?.version)).size).toBe(10);
        expect(await directory.getWebhook('wh_1')).toMatchObject({ version: 11 });
      });

      it('are disabled with a reason and enabled again, without a new version', async () => {
        await directory.createWebhook(full, current);
        const disabled = await directory.setWebhookStatus('wh_1', 'disabled', 'gone', at + 5);
        expect(disabled).toEqual({ ...full, status: 'disabled', disabledReason: 'gone', updatedAt: at + 5 });
        expect(await directory.getWebhook('wh_1')).toEqual(disabled);
        expect(await directory.loadWebhooks()).toMatchObject([{ webhook: { status: 'disabled' } }]);
        const enabled = await directory.setWebhookStatus('wh_1', 'enabled', null, at + 6);
        expect(enabled).toEqual({ ...full, updatedAt: at + 6 });
        expect(await directory.setWebhookStatus('wh_2', 'enabled', null, at)).toBeNull();
      });

      describe('that the gateway disables', () => {
        it('are those that their owners left as they were', async () => {
          await directory.createWebhook(full, current);
          const disabled = await directory.disableWebhook(full, 'gone', at + 5);
          expect(disabled).toEqual({
            ...full,
            status: 'disabled',
            disabledReason: 'gone',
            updatedAt: at + 5,
          });
          expect(await directory.getWebhook('wh_1')).toEqual(disabled);
        });

        it('are not those that were changed, disabled or deleted meanwhile', async () => {
          expect(await directory.disableWebhook(full, 'gone', at)).toBeNull();
          await directory.createWebhook(full, current);
          const enabled = await directory.setWebhookStatus('wh_1', 'enabled', null, at + 5);
          expect(await directory.disableWebhook(full, 'gone', at + 6)).toBeNull();
          const next = await directory.replaceWebhook('wh_1', full, at + 5);
          expect(await directory.disableWebhook(enabled ?? full, 'gone', at + 6)).toBeNull();
          expect(await directory.getWebhook('wh_1')).toEqual(next);
          const byOwner = await directory.setWebhookStatus('wh_1', 'disabled', 'by_user', at + 5);
          expect(await directory.disableWebhook(byOwner ?? full, 'gone', at + 6)).toBeNull();
          expect(await directory.getWebhook('wh_1')).toEqual(byOwner);
          await directory.deleteWebhook('wh_1', at + 7);
          expect(await directory.disableWebhook(byOwner ?? full, 'gone', at + 8)).toBeNull();
          expect(await directory.untoldDisablings()).toEqual([]);
        });

        it('are untold until they are told of, whatever their owner changes', async () => {
          await directory.createWebhook(full, current);
          await directory.disableWebhook(full, 'gone', at + 5);
          const changed = await directory.replaceWebhook('wh_1', { ...full, description: 'new' }, at + 6);
          expect(await directory.untoldDisablings()).toEqual([{ webhook: changed, at: at + 5 }]);
          await directory.disablingTold('wh_1', at + 4);
          expect(await directory.untoldDisablings()).toHaveLength(1);
          await directory.disablingTold('wh_1', at + 5);
          expect(await directory.untoldDisablings()).toEqual([]);
          expect(await directory.getWebhook('wh_1')).toEqual(changed);
        });

        it.each(['enabled', 'disabled'] as const)(
          'are not untold when their owner has %s them',
          async (status) => {
            await directory.createWebhook(full, current);
            await directory.disableWebhook(full, 'gone', at + 5);
            await directory.setWebhookStatus('wh_1', status, 'by_user', at + 6);
            expect(await directory.untoldDisablings()).toEqual([]);
          },
        );

        it('are not untold when they are deleted', async () => {
          await directory.createWebhook(full, current);
          await directory.disableWebhook(full, 'gone', at + 5);
          await directory.deleteWebhook('wh_1', at + 6);
          expect(await directory.untoldDisablings()).toEqual([]);
        });
      });

      it('keep their status when they are replaced', async () => {
        await directory.createWebhook(full, current);
        await directory.setWebhookStatus('wh_1', 'disabled', 'by_user', at + 5);
        expect(await directory.replaceWebhook('wh_1', full, at + 6)).toMatchObject({
          status: 'disabled',
          disabledReason: 'by_user',
        });
      });

      it('tell since when their endpoint fails, wherever they are given back', async () => {
        await directory.createWebhook(full, current);
        await directory.setFailingSince('wh_1', at + 5);
        const failing = { ...full, failingSince: at + 5 };
        expect(await directory.getWebhook('wh_1')).toEqual(failing);
        expect((await directory.listWebhooks({ accountId: 'acc_1' }, all)).data).toEqual([failing]);
        expect(await directory.loadWebhooks()).toEqual([{ webhook: failing, secrets: [current] }]);
        await directory.setFailingSince('wh_1', null);
        expect(await directory.getWebhook('wh_1')).toEqual(full);
      });

      it('keep since when their endpoint fails while they are disabled, and begin anew when they are enabled', async () => {
        await directory.createWebhook(full, current);
        await directory.setFailingSince('wh_1', at + 5);
        const disabled = await directory.setWebhookStatus('wh_1', 'disabled', 'failing', at + 6);
        expect(disabled).toMatchObject({ failingSince: at + 5 });
        expect(await directory.getWebhook('wh_1')).toEqual(disabled);
        const enabled = await directory.setWebhookStatus('wh_1', 'enabled', null, at + 7);
        expect(enabled).toMatchObject({ failingSince: null });
        expect(await directory.getWebhook('wh_1')).toEqual(enabled);
      });

      it('keep since when their endpoint fails when they are enabled although they are', async () => {
        await directory.createWebhook(full, current);
        await directory.setFailingSince('wh_1', at + 5);
        const same = await directory.setWebhookStatus('wh_1', 'enabled', null, at + 7);
        expect(same).toMatchObject({ failingSince: at + 5 });
      });

      it('begin anew when they are replaced', async () => {
        await directory.createWebhook(full, current);
        await directory.setFailingSince('wh_1', at + 5);
        expect(await directory.replaceWebhook('wh_1', full, at + 6)).toMatchObject({ failingSince: null });
        expect(await directory.loadWebhooks()).toMatchObject([{ webhook: { failingSince: null } }]);
      });

      it('take no note of failures when they do not exist or were deleted', async () => {
        await directory.setFailingSince('wh_9', at);
        await directory.createWebhook(full, current);
        await directory.deleteWebhook('wh_1', at + 5);
        await directory.setFailingSince('wh_1', at + 6);
        expect(await directory.loadWebhooks()).toEqual([]);
      });

      it('keep which breakers are open, each as it was last, until it closes or its webhook is deleted', async () => {
        await directory.createWebhook(full, current);
        await directory.createWebhook({ ...full, id: 'wh_2' }, current);
        const open = (webhookId: string, trips = 1) => ({ webhookId, until: at + 300_000, trips });
        expect(await directory.loadOpenBreakers()).toEqual([]);
        await directory.saveBreakers({ opened: [open('wh_1'), open('wh_2'), open('wh_9')], closed: [] });
        await directory.saveBreakers({ opened: [open('wh_2', 7)], closed: [] });
        expect(await directory.loadOpenBreakers()).toEqual([open('wh_1'), open('wh_2', 7)]);
        await directory.saveBreakers({ opened: [], closed: ['wh_1', 'wh_8'] });
        expect(await directory.loadOpenBreakers()).toEqual([open('wh_2', 7)]);
        await directory.deleteWebhook('wh_2', at + 5);
        expect(await directory.loadOpenBreakers()).toEqual([]);
      });

      it('are hidden from everything but their versions when they are deleted', async () => {
        await directory.createWebhook(full, current);
        expect(await directory.deleteWebhook('wh_1', at + 5)).toBe(true);
        expect(await directory.getWebhook('wh_1')).toBeNull();
        expect((await directory.listWebhooks({ accountId: null }, all)).data).toEqual([]);
        expect(await directory.loadWebhooks()).toEqual([]);
        expect(await directory.getSecrets('wh_1', at)).toEqual([]);
        expect(await directory.rotateSecret('wh_1', 'whsec_new', at, at + 1)).toEqual([]);
        expect(await directory.getSecrets('wh_1', at)).toEqual([]);
        expect(await directory.replaceWebhook('wh_1', full, at + 6)).toBeNull();
        expect(await directory.setWebhookStatus('wh_1', 'enabled', null, at + 6)).toBeNull();
        expect(await directory.deleteWebhook('wh_1', at + 6)).toBe(false);
        expect(await directory.getWebhookVersion('wh_1', 1)).toMatchObject({ url: full.url });
        expect(await directory.getWebhookVersion('wh_1', 2)).toBeNull();
      });

      it('keep their versions when their account is deleted', async () => {
        await directory.createWebhook(full, current);
        await directory.deleteAccount('acc_1');
        expect(await directory.getWebhookVersion('wh_1', 1)).toMatchObject({
          customHeaders: full.customHeaders,
        });
      });

      describe('in lists', () => {
        beforeEach(async () => {
          await directory.createWebhook(
            webhook({ id: 'wh_sms', url: 'https://a.example/Dlr_100%' }),
            current,
          );
          await directory.createWebhook({ ...full, id: 'wh_wa', createdAt: at + 1 }, current);
          await directory.createWebhook(
            { ...full, id: 'wh_mo', reportType: 'mo', description: 'ÉQUIPE Bestellung', createdAt: at + 2 },
            current,
          );
          await directory.createWebhook(
            webhook({ id: 'wh_bolt', accountId: 'acc_2', createdAt: at + 3 }),
            current,
          );
          await directory.setWebhookStatus('wh_wa', 'disabled', 'by_user', at);
        });

        const list = (filter: Omit<WebhookFilter, 'accountId'>, accountId: string | null = null) =>
          walk((page) => directory.listWebhooks({ accountId, ...filter }, page), 100);

        it('are narrowed by account, product, report type and status', async () => {
          expect(await list({})).toEqual([['wh_bolt', 'wh_mo', 'wh_wa', 'wh_sms']]);
          expect(await list({}, 'acc_1')).toEqual([['wh_mo', 'wh_wa', 'wh_sms']]);
          expect(await list({ product: 'whatsapp' })).toEqual([['wh_mo', 'wh_wa']]);
          expect(await list({ product: 'whatsapp', reportType: 'dlr' })).toEqual([['wh_wa']]);
          expect(await list({ status: 'disabled' })).toEqual([['wh_wa']]);
          expect(await list({ status: 'enabled', product: 'sms' }, 'acc_2')).toEqual([['wh_bolt']]);
          expect(await list({ product: 'sms', reportType: 'mo' })).toEqual([[]]);
        });

        it('are found by a part of URL, description, id or number, in any case and script', async () => {
          expect(await list({ q: 'A.EXAMPLE' })).toEqual([['wh_sms']]);
          expect(await list({ q: 'équipe best' })).toEqual([['wh_mo']]);
          expect(await list({ q: 'e\u0301quipe' })).toEqual([['wh_mo']]);
          expect(await list({ q: 'H_BOL' })).toEqual([['wh_bolt']]);
          expect(await list({ q: '9999999' })).toEqual([['wh_mo', 'wh_wa']]);
          expect(await list({ q: '+91 (99999) 99999' })).toEqual([['wh_mo', 'wh_wa']]);
          expect(await list({ q: '-99' })).toEqual([[]]);
          expect(await list({ q: 'nowhere' })).toEqual([[]]);
          expect(await list({ q: 's3cret' })).toEqual([[]]);
        });

        it('are found by % and _ as what they are', async () => {
          expect(await list({ q: '100%' })).toEqual([['wh_sms']]);
          expect(await list({ q: 'd_r' })).toEqual([[]]);
          expect(await list({ q: '_%' })).toEqual([[]]);
        });

        it('are found by what they were changed to', async () => {
          await directory.replaceWebhook('wh_sms', webhook({ url: 'https://moved.example/' }), at);
          expect(await list({ q: 'moved' })).toEqual([['wh_sms']]);
          expect(await list({ q: 'a.example' })).toEqual([[]]);
        });

        it('keep their filter from page to page', async () => {
          const paged = (page: PageRequest) => directory.listWebhooks({ accountId: 'acc_1' }, page);
          expect(await walk(paged, 2)).toEqual([['wh_mo', 'wh_wa'], ['wh_sms']]);
        });
      });
    });

    describe('signing secrets', () => {
      const hour = 3_600_000;

      beforeEach(() => directory.createWebhook(webhook(), current));

      it('overlap after a rotation until the old one expires', async () => {
        const rotated = await directory.rotateSecret('wh_1', 'whsec_second', at, at + hour);
        expect(rotated).toEqual([
          { secret: 'whsec_second', expiresAt: null },
          { secret: 'whsec_first', expiresAt: at + hour },
        ]);
        expect(await directory.getSecrets('wh_1', at + hour - 1)).toEqual(rotated);
        expect(await directory.getSecrets('wh_1', at + hour)).toEqual(rotated.slice(0, 1));
        expect((await directory.loadWebhooks())[0]?.secrets).toEqual(rotated);
      });

      it('are never made to live longer by a further rotation', async () => {
        await directory.rotateSecret('wh_1', 'whsec_second', at, at + hour);
        expect(await directory.rotateSecret('wh_1', 'whsec_third', at + 1, at + 24 * hour)).toEqual([
          { secret: 'whsec_third', expiresAt: null },
          { secret: 'whsec_second', expiresAt: at + 24 * hour },
          { secret: 'whsec_first', expiresAt: at + hour },
        ]);
      });

      it('end at once when a rotation asks for no overlap', async () => {
        await directory.rotateSecret('wh_1', 'whsec_second', at, at + hour);
        const only = [{ secret: 'whsec_third', expiresAt: null }];
        expect(await directory.rotateSecret('wh_1', 'whsec_third', at, at)).toEqual(only);
        expect(await directory.getSecrets('wh_1', 0)).toEqual(only);
      });

      it('do not exist for a webhook that does not', async () => {
        expect(await directory.getSecrets('wh_9', at)).toEqual([]);
        expect(await directory.rotateSecret('wh_9', 'whsec_second', at, at)).toEqual([]);
      });

      it('belong to one webhook', async () => {
        await directory.createWebhook(webhook({ id: 'wh_2' }), { secret: 'whsec_two', expiresAt: null });
        await directory.rotateSecret('wh_2', 'whsec_two_b', at, at);
        expect(await directory.getSecrets('wh_1', at)).toEqual([current]);
      });

      it('change nothing else about the webhook', async () => {
        await directory.rotateSecret('wh_1', 'whsec_second', at + 9, at + hour);
        expect(await directory.getWebhook('wh_1')).toEqual(webhook());
      });
    });
  });
}
