import { describe, expect, it } from 'vitest';
import type { Directory } from '../../ports/directory.ts';
import { all, at, current, fullWebhook, webhook } from './samples.ts';

/** Webhooks and their versions. */
export function describeWebhooks(open: () => Directory): void {
  describe('webhooks', () => {
    it('are given back as they were created', async () => {
      await open().createWebhook(fullWebhook, current);
      expect(await open().getWebhook('wh_1')).toEqual(fullWebhook);
      expect((await open().listWebhooks({ accountId: 'acc_1' }, all)).data).toEqual([fullWebhook]);
      expect(await open().loadWebhooks()).toEqual([{ webhook: fullWebhook, secrets: [current] }]);
      expect(await open().getWebhook('wh_2')).toBeNull();
    });

    it('are created whole or not at all', async () => {
      await open().createWebhook(fullWebhook, current);
      const other = { secret: 'whsec_other', expiresAt: null };
      await expect(open().createWebhook(webhook({ accountId: 'acc_2' }), other)).rejects.toThrow();
      expect(await open().getWebhook('wh_1')).toEqual(fullWebhook);
      expect(await open().getSecrets('wh_1', at)).toEqual([current]);
      expect((await open().listWebhooks({ accountId: 'acc_2' }, all)).data).toEqual([]);
    });

    it('get a version with every change, and each version can be read again', async () => {
      await open().createWebhook(fullWebhook, current);
      const changed = {
        ...fullWebhook,
        url: 'https://example.org/',
        customHeaders: [{ name: 'X-Api-Key', value: 'new' }],
      };
      const replaced = await open().replaceWebhook('wh_1', changed, at + 60_000);
      expect(replaced).toEqual({ ...changed, version: 2, updatedAt: at + 60_000 });
      expect(await open().getWebhook('wh_1')).toEqual(replaced);
      const third = await open().replaceWebhook('wh_1', fullWebhook, at + 70_000);
      expect(third?.version).toBe(3);
      expect(await open().getWebhookVersion('wh_1', 1)).toMatchObject({
        customHeaders: fullWebhook.customHeaders,
      });
      expect(await open().getWebhookVersion('wh_1', 2)).toMatchObject({ url: 'https://example.org/' });
      expect(await open().getWebhookVersion('wh_1', 4)).toBeNull();
      expect(await open().getWebhookVersion('wh_1', 2 ** 40)).toBeNull();
      expect(await open().replaceWebhook('wh_1', fullWebhook, at, 2 ** 40)).toBeNull();
      expect(await open().getWebhookVersion('wh_2', 1)).toBeNull();
    });

    it('hold in a version the configuration only', async () => {
      await open().createWebhook(fullWebhook, current);
      const config = await open().getWebhookVersion('wh_1', 1);
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
      } = fullWebhook;
      expect(config).toEqual(expected);
      await open().replaceWebhook('wh_1', fullWebhook, at + 1);
      expect(await open().getWebhookVersion('wh_1', 2)).toEqual(expected);
    });

    it('are changed by one of several who began with the same version', async () => {
      await open().createWebhook(fullWebhook, current);
      const replaced = await Promise.all(
        ['a', 'b', 'c'].map((description) =>
          open().replaceWebhook('wh_1', { ...fullWebhook, description }, at + 1, 1),
        ),
      );
      const saved = replaced.filter((each) => each !== null);
      expect(saved).toHaveLength(1);
      expect(await open().getWebhook('wh_1')).toEqual(saved[0]);
      expect(await open().getWebhookVersion('wh_1', 3)).toBeNull();
      expect(await open().replaceWebhook('wh_1', fullWebhook, at + 2, 2)).toMatchObject({ version: 3 });
    });

    it('never lose a version when several change them at once', async () => {
      await open().createWebhook(fullWebhook, current);
      const paths = Array.from({ length: 10 }, (_, index) => `https://example.com/${index}`);
      const replaced = await Promise.all(
        paths.map((url) => open().replaceWebhook('wh_1', { ...fullWebhook, url }, at + 1)),
      );
      for (const saved of replaced) {
        const version = await open().getWebhookVersion('wh_1', saved?.version ?? 0);
        expect(version?.url).toBe(saved?.url);
      }
      expect(new Set(replaced.map((saved) => saved?.version)).size).toBe(10);
      expect(await open().getWebhook('wh_1')).toMatchObject({ version: 11 });
    });

    it('are hidden from everything but their versions when they are deleted', async () => {
      await open().createWebhook(fullWebhook, current);
      expect(await open().deleteWebhook('wh_1', at + 5)).toBe(true);
      expect(await open().getWebhook('wh_1')).toBeNull();
      expect((await open().listWebhooks({ accountId: null }, all)).data).toEqual([]);
      expect(await open().loadWebhooks()).toEqual([]);
      expect(await open().getSecrets('wh_1', at)).toEqual([]);
      expect(await open().rotateSecret('wh_1', 'whsec_new', at, at + 1)).toEqual([]);
      expect(await open().getSecrets('wh_1', at)).toEqual([]);
      expect(await open().replaceWebhook('wh_1', fullWebhook, at + 6)).toBeNull();
      expect(await open().setWebhookStatus('wh_1', 'enabled', null, at + 6)).toBeNull();
      expect(await open().deleteWebhook('wh_1', at + 6)).toBe(false);
      expect(await open().getWebhookVersion('wh_1', 1)).toMatchObject({ url: fullWebhook.url });
      expect(await open().getWebhookVersion('wh_1', 2)).toBeNull();
    });

    it('keep their versions when their account is deleted', async () => {
      await open().createWebhook(fullWebhook, current);
      await open().deleteAccount('acc_1');
      expect(await open().getWebhookVersion('wh_1', 1)).toMatchObject({
        customHeaders: fullWebhook.customHeaders,
      });
    });
  });
}
