import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testWebhook } from '../../testing/factories.ts';
import type { Directory } from '../ports/directory.ts';
import type { OpenDirectory } from './directory.ts';

const at = Date.UTC(2026, 10, 22, 10, 0, 0);
const first = { secret: 'whsec_first', expiresAt: null };
const webhook = testWebhook({ createdAt: at, updatedAt: at });

/** What every store's directory does with webhooks that were deleted, and with secrets that no longer sign. */
export function deletedWebhooksConformance(name: string, open: () => Promise<OpenDirectory>): void {
  describe(`${name}: directory, deleted webhooks`, () => {
    let directory: Directory;
    let dispose: () => Promise<void>;

    beforeEach(async () => {
      ({ directory, dispose } = await open());
      await directory.createAccount({ id: 'acc_1', name: 'Asha Retail', createdAt: at });
      await directory.createWebhook(webhook, first);
    });
    afterEach(() => dispose());

    it('are shown as they were, and only they', async () => {
      expect(await directory.getDeletedWebhook('wh_1')).toBeNull();
      await directory.deleteWebhook('wh_1', at + 5);
      expect(await directory.getDeletedWebhook('wh_1')).toEqual({
        webhook: { ...webhook, updatedAt: at + 5 },
        deletedAt: at + 5,
      });
      expect(await directory.getDeletedWebhook('wh_9')).toBeNull();
      expect(await directory.getSecrets('wh_1', at + 6)).toEqual([]);
      expect(await directory.loadWebhooks()).toEqual([]);
    });

    it('are restored with their version, status and secrets', async () => {
      await directory.replaceWebhook('wh_1', { ...webhook, url: 'https://example.com/2' }, at + 1);
      await directory.setWebhookStatus('wh_1', 'disabled', 'by_user', at + 2);
      await directory.rotateSecret('wh_1', 'whsec_second', at + 3, at + 100);
      await directory.deleteWebhook('wh_1', at + 5);
      const restored = await directory.restoreWebhook('wh_1', at + 5, at + 9);
      expect(restored).toEqual({
        ...webhook,
        url: 'https://example.com/2',
        status: 'disabled',
        disabledReason: 'by_user',
        version: 2,
        updatedAt: at + 9,
      });
      expect(await directory.getWebhook('wh_1')).toEqual(restored);
      expect(await directory.getDeletedWebhook('wh_1')).toBeNull();
      const secrets = [
        { secret: 'whsec_second', expiresAt: null },
        { secret: 'whsec_first', expiresAt: at + 100 },
      ];
      expect(await directory.getSecrets('wh_1', at + 10)).toEqual(secrets);
      expect(await directory.loadWebhooks()).toEqual([{ webhook: restored, secrets }]);
    });

    it('are not restored when they were deleted earlier, are not deleted, or never were', async () => {
      expect(await directory.restoreWebhook('wh_1', 0, at)).toBeNull();
      expect(await directory.restoreWebhook('wh_9', 0, at)).toBeNull();
      await directory.deleteWebhook('wh_1', at + 5);
      expect(await directory.restoreWebhook('wh_1', at + 6, at + 9)).toBeNull();
      expect(await directory.getWebhook('wh_1')).toBeNull();
    });

    it('are gone for good with their account', async () => {
      await directory.deleteWebhook('wh_1', at + 5);
      await directory.deleteAccount('acc_1');
      expect(await directory.getDeletedWebhook('wh_1')).toBeNull();
      expect(await directory.restoreWebhook('wh_1', 0, at + 9)).toBeNull();
    });

    it('lose their secrets when these are wiped, and no other webhook does', async () => {
      await directory.createWebhook({ ...webhook, id: 'wh_2' }, first);
      await directory.createWebhook({ ...webhook, id: 'wh_3' }, first);
      await directory.deleteWebhook('wh_1', at + 5);
      await directory.deleteWebhook('wh_2', at + 6);
      await directory.wipeDeletedSecrets(at + 6);
      const left = async (id: string) => (await directory.getSecretHistory(id)).map(({ secret }) => secret);
      expect(await left('wh_1')).toEqual([null]);
      expect(await left('wh_2')).toEqual(['whsec_first']);
      expect(await left('wh_3')).toEqual(['whsec_first']);
    });

    it('are told of as routing saw them at an instant, beside those that are there', async () => {
      const other = { ...webhook, id: 'wh_2', createdAt: at + 50, productUniqueId: '919' };
      await directory.replaceWebhook(
        'wh_1',
        { ...webhook, url: 'https://x.example/', reportType: 'mo' },
        at + 20,
      );
      await directory.createWebhook(other, first);
      const was = { product: 'sms', reportType: 'dlr', productUniqueId: null, settings: { statuses: null } };
      const [two, one] = await directory.routedWebhooks('acc_1', at + 30, at);
      expect(two).toMatchObject({ id: 'wh_2', ruleThen: null, ruleNow: { ...was, productUniqueId: '919' } });
      expect(one).toEqual({
        ...{ id: 'wh_1', url: 'https://x.example/', status: 'enabled', createdAt: at, deletedAt: null },
        ...{ ruleNow: { ...was, reportType: 'mo' }, ruleThen: { ...was, reportType: 'mo' } },
      });
      expect((await directory.routedWebhooks('acc_1', at + 19, at))[1]).toMatchObject({ ruleThen: was });

      await directory.deleteWebhook('wh_1', at + 60);
      expect(await directory.routedWebhooks('acc_1', at + 70, at + 60)).toMatchObject([
        { id: 'wh_2', deletedAt: null },
        { id: 'wh_1', deletedAt: at + 60, ruleThen: { reportType: 'mo' } },
      ]);
      expect(await directory.routedWebhooks('acc_1', at + 70, at + 61)).toMatchObject([{ id: 'wh_2' }]);
      expect(await directory.routedWebhooks('acc_2', at + 70, at)).toEqual([]);
    });

    it('tell since when and until when each secret signed, the wiped ones too', async () => {
      await directory.rotateSecret('wh_1', 'whsec_second', at + 10, at + 20);
      expect(await directory.getSecretHistory('wh_1')).toEqual([
        { secret: 'whsec_second', from: at + 10, until: null },
        { secret: 'whsec_first', from: at, until: at + 20 },
      ]);
      await directory.rotateSecret('wh_1', 'whsec_third', at + 30, at + 40);
      expect(await directory.getSecretHistory('wh_1')).toEqual([
        { secret: 'whsec_third', from: at + 30, until: null },
        { secret: 'whsec_second', from: at + 10, until: at + 40 },
        { secret: null, from: at, until: at + 20 },
      ]);
      expect((await directory.getSecrets('wh_1', at + 31)).map(({ secret }) => secret)).toEqual([
        'whsec_third',
        'whsec_second',
      ]);
      expect((await directory.loadWebhooks()).map(({ secrets }) => secrets.length)).toEqual([2]);
    });
  });
}
