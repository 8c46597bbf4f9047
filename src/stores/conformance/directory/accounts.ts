import { describe, expect, it } from 'vitest';
import type { Directory } from '../../ports/directory.ts';
import { all, at, current, key, keyOf, sender, walk, webhook } from './samples.ts';

/** Accounts, and what goes with them. */
export function describeAccounts(open: () => Directory): void {
  describe('accounts', () => {
    it('gives back what was created', async () => {
      const account = {
        id: 'acc_3',
        name: 'Zoë 🙂 "x"',
        createdAt: at,
        limits: { webhooks: 3 },
        keep: { payloadDays: 0, logDays: null },
      };
      expect(await open().createAccount(account)).toEqual(account);
      expect(await open().getAccount('acc_3')).toEqual(account);
    });

    it('refuses an id that is taken and leaves its owner as it was', async () => {
      expect(await open().createAccount({ id: 'acc_1', name: 'Other', createdAt: at })).toBeNull();
      expect(await open().getAccount('acc_1')).toMatchObject({ name: 'Asha Retail' });
    });

    it('renames an account, and only one that exists', async () => {
      expect(await open().changeAccount('acc_1', { name: 'Asha' })).toEqual({
        id: 'acc_1',
        name: 'Asha',
        createdAt: at,
        limits: {},
        keep: { payloadDays: null, logDays: null },
      });
      expect(await open().getAccount('acc_1')).toMatchObject({ name: 'Asha' });
      expect(await open().changeAccount('acc_9', { name: 'Asha' })).toBeNull();
    });

    it('changes each limit by itself, and takes one away with null', async () => {
      await open().changeAccount('acc_1', { limits: { webhooks: 5, keys: 2 } });
      await open().changeAccount('acc_1', { name: 'Asha', limits: { keys: null, tests: 1 } });
      expect(await open().getAccount('acc_1')).toMatchObject({
        name: 'Asha',
        limits: { webhooks: 5, tests: 1 },
      });
      expect((await open().getAccount('acc_1'))?.limits).not.toHaveProperty('keys');
      expect(await open().getAccount('acc_2')).toMatchObject({ limits: {} });
      const listed = (await open().listAccounts(all)).data.find(({ id }) => id === 'acc_1');
      expect(listed?.limits).toEqual({ webhooks: 5, tests: 1 });
    });

    it('changes how long things are kept, each time by itself', async () => {
      await open().changeAccount('acc_1', { keep: { payloadDays: 7, logDays: 90 } });
      await open().changeAccount('acc_1', { keep: { payloadDays: null } });
      await open().changeAccount('acc_1', { name: 'Asha' });
      expect(await open().getAccount('acc_1')).toMatchObject({
        keep: { payloadDays: null, logDays: 90 },
      });
      expect(await open().getAccount('acc_2')).toMatchObject({
        keep: { payloadDays: null, logDays: null },
      });
    });

    it('deletes an account with its keys, senders, webhooks and secrets, and nothing of another', async () => {
      await open().createKey(key(), 'hash-1');
      await open().createKey(key({ id: 'key_2', accountId: 'acc_2' }), 'hash-2');
      await open().createSender(sender());
      await open().createWebhook(webhook(), current);
      await open().createWebhook(webhook({ id: 'wh_2', accountId: 'acc_2' }), current);

      expect(await open().deleteAccount('acc_1')).toBe(true);

      expect(await open().getAccount('acc_1')).toBeNull();
      expect(await keyOf(open(), 'hash-1')).toBeNull();
      expect(await open().getSender('snd_1')).toBeNull();
      expect(await open().getWebhook('wh_1')).toBeNull();
      expect(await open().getSecrets('wh_1', at)).toEqual([]);
      expect(await walk((page) => open().listAccounts(page), 10)).toEqual([['acc_2']]);
      expect((await open().loadWebhooks()).map((entry) => entry.webhook.id)).toEqual(['wh_2']);
      expect(await keyOf(open(), 'hash-2')).not.toBeNull();
      expect(await open().getSecrets('wh_2', at)).toEqual([current]);
    });

    it('deletes an account once, changes a deleted one no more, and keeps its id taken', async () => {
      await open().deleteAccount('acc_1');
      expect(await open().deleteAccount('acc_1')).toBe(false);
      expect(await open().changeAccount('acc_1', { name: 'again' })).toBeNull();
      expect(await open().createAccount({ id: 'acc_1', name: 'again', createdAt: at })).toBeNull();
    });

    describe('with a limit', () => {
      const made = Array.from({ length: 20 }, (_, i) => i);
      const taken = (results: readonly unknown[]) =>
        results.filter((result) => result !== false && result !== 'full').length;

      it('takes exactly as many of 20 keys at once as there is room for, beside those of others', async () => {
        await open().createKey(key({ id: 'other', accountId: 'acc_2' }), 'other');
        await open().createKey(key({ id: 'first' }), 'first');
        const results = await Promise.all(
          made.map((i) => open().createKey(key({ id: `key_${i}` }), `hash-${i}`, 4)),
        );
        expect(taken(results)).toBe(3);
        expect(await open().countOwned('acc_1')).toEqual({ webhooks: 0, keys: 4, senders: 0 });
      });

      it('takes exactly as many of 20 senders at once as there is room for', async () => {
        const results = await Promise.all(
          made.map((i) =>
            open().createSender(sender({ id: `snd_${i}`, productUniqueId: `91999999${1000 + i}` }), 4),
          ),
        );
        expect(taken(results)).toBe(4);
        expect(await open().countOwned('acc_1')).toEqual({ webhooks: 0, keys: 0, senders: 4 });
      });

      it('takes exactly as many of 20 webhooks at once as there is room for, deleted ones not counted', async () => {
        await open().createWebhook(webhook({ id: 'gone' }), current);
        await open().deleteWebhook('gone', at);
        const results = await Promise.all(
          made.map((i) => open().createWebhook(webhook({ id: `wh_${i}` }), current, 4)),
        );
        expect(taken(results)).toBe(4);
        expect(await open().countOwned('acc_1')).toEqual({ webhooks: 4, keys: 0, senders: 0 });
        expect(await open().restoreWebhook('gone', 0, at, 4)).toBe('full');
        expect(await open().restoreWebhook('gone', 0, at, 5)).toMatchObject({ id: 'gone' });
      });

      it('leaves what is over a new limit as it is', async () => {
        for (const id of ['wh_1', 'wh_2', 'wh_3']) await open().createWebhook(webhook({ id }), current);
        expect(await open().createWebhook(webhook({ id: 'wh_4' }), current, 2)).toBe(false);
        expect((await open().countOwned('acc_1')).webhooks).toBe(3);
        expect(await open().getWebhook('wh_4')).toBeNull();
      });
    });

    it('takes no key, sender or webhook for an account that is unknown or deleted', async () => {
      await open().deleteAccount('acc_1');
      for (const accountId of ['acc_1', 'acc_9']) {
        const refused = { code: 'not_found' };
        await expect(open().createKey(key({ accountId }), 'hash')).rejects.toMatchObject(refused);
        await expect(open().createSender(sender({ accountId }))).rejects.toMatchObject(refused);
        await expect(open().createWebhook(webhook({ accountId }), current)).rejects.toMatchObject(refused);
      }
      expect(await keyOf(open(), 'hash')).toBeNull();
      expect(await open().getWebhookVersion('wh_1', 1)).toBeNull();
    });
  });
}
