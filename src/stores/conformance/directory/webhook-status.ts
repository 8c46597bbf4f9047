import { describe, expect, it } from 'vitest';
import type { Directory } from '../../ports/directory.ts';
import { all, at, current, fullWebhook } from './samples.ts';

/** Whether webhooks are enabled, and how their endpoints are doing. */
export function describeWebhookStatus(open: () => Directory): void {
  describe('webhooks', () => {
    it('are disabled with a reason and enabled again, without a new version', async () => {
      await open().createWebhook(fullWebhook, current);
      const disabled = await open().setWebhookStatus('wh_1', 'disabled', 'gone', at + 5);
      expect(disabled).toEqual({
        ...fullWebhook,
        status: 'disabled',
        disabledReason: 'gone',
        updatedAt: at + 5,
      });
      expect(await open().getWebhook('wh_1')).toEqual(disabled);
      expect(await open().loadWebhooks()).toMatchObject([{ webhook: { status: 'disabled' } }]);
      const enabled = await open().setWebhookStatus('wh_1', 'enabled', null, at + 6);
      expect(enabled).toEqual({ ...fullWebhook, updatedAt: at + 6 });
      expect(await open().setWebhookStatus('wh_2', 'enabled', null, at)).toBeNull();
    });

    describe('that the gateway disables', () => {
      it('are those that their owners left as they were', async () => {
        await open().createWebhook(fullWebhook, current);
        const disabled = await open().disableWebhook(fullWebhook, 'gone', at + 5);
        expect(disabled).toEqual({
          ...fullWebhook,
          status: 'disabled',
          disabledReason: 'gone',
          updatedAt: at + 5,
        });
        expect(await open().getWebhook('wh_1')).toEqual(disabled);
      });

      it('are not those that were changed, disabled or deleted meanwhile', async () => {
        expect(await open().disableWebhook(fullWebhook, 'gone', at)).toBeNull();
        await open().createWebhook(fullWebhook, current);
        const enabled = await open().setWebhookStatus('wh_1', 'enabled', null, at + 5);
        expect(await open().disableWebhook(fullWebhook, 'gone', at + 6)).toBeNull();
        const next = await open().replaceWebhook('wh_1', fullWebhook, at + 5);
        expect(await open().disableWebhook(enabled ?? fullWebhook, 'gone', at + 6)).toBeNull();
        expect(await open().getWebhook('wh_1')).toEqual(next);
        const byOwner = await open().setWebhookStatus('wh_1', 'disabled', 'by_user', at + 5);
        expect(await open().disableWebhook(byOwner ?? fullWebhook, 'gone', at + 6)).toBeNull();
        expect(await open().getWebhook('wh_1')).toEqual(byOwner);
        await open().deleteWebhook('wh_1', at + 7);
        expect(await open().disableWebhook(byOwner ?? fullWebhook, 'gone', at + 8)).toBeNull();
        expect(await open().untoldDisablings()).toEqual([]);
      });

      it('are untold until they are told of, whatever their owner changes', async () => {
        await open().createWebhook(fullWebhook, current);
        await open().disableWebhook(fullWebhook, 'gone', at + 5);
        const changed = await open().replaceWebhook('wh_1', { ...fullWebhook, description: 'new' }, at + 6);
        expect(await open().untoldDisablings()).toEqual([{ webhook: changed, at: at + 5 }]);
        await open().disablingTold('wh_1', at + 4);
        expect(await open().untoldDisablings()).toHaveLength(1);
        await open().disablingTold('wh_1', at + 5);
        expect(await open().untoldDisablings()).toEqual([]);
        expect(await open().getWebhook('wh_1')).toEqual(changed);
      });

      it.each(['enabled', 'disabled'] as const)(
        'are not untold when their owner has %s them',
        async (status) => {
          await open().createWebhook(fullWebhook, current);
          await open().disableWebhook(fullWebhook, 'gone', at + 5);
          await open().setWebhookStatus('wh_1', status, 'by_user', at + 6);
          expect(await open().untoldDisablings()).toEqual([]);
        },
      );

      it('are not untold when they are deleted', async () => {
        await open().createWebhook(fullWebhook, current);
        await open().disableWebhook(fullWebhook, 'gone', at + 5);
        await open().deleteWebhook('wh_1', at + 6);
        expect(await open().untoldDisablings()).toEqual([]);
      });
    });

    it('keep their status when they are replaced', async () => {
      await open().createWebhook(fullWebhook, current);
      await open().setWebhookStatus('wh_1', 'disabled', 'by_user', at + 5);
      expect(await open().replaceWebhook('wh_1', fullWebhook, at + 6)).toMatchObject({
        status: 'disabled',
        disabledReason: 'by_user',
      });
    });

    it('tell since when their endpoint fails, wherever they are given back', async () => {
      await open().createWebhook(fullWebhook, current);
      await open().setFailingSince('wh_1', at + 5);
      const failing = { ...fullWebhook, failingSince: at + 5 };
      expect(await open().getWebhook('wh_1')).toEqual(failing);
      expect((await open().listWebhooks({ accountId: 'acc_1' }, all)).data).toEqual([failing]);
      expect(await open().loadWebhooks()).toEqual([{ webhook: failing, secrets: [current] }]);
      await open().setFailingSince('wh_1', null);
      expect(await open().getWebhook('wh_1')).toEqual(fullWebhook);
    });

    it('keep since when their endpoint fails while they are disabled, and begin anew when they are enabled', async () => {
      await open().createWebhook(fullWebhook, current);
      await open().setFailingSince('wh_1', at + 5);
      const disabled = await open().setWebhookStatus('wh_1', 'disabled', 'failing', at + 6);
      expect(disabled).toMatchObject({ failingSince: at + 5 });
      expect(await open().getWebhook('wh_1')).toEqual(disabled);
      const enabled = await open().setWebhookStatus('wh_1', 'enabled', null, at + 7);
      expect(enabled).toMatchObject({ failingSince: null });
      expect(await open().getWebhook('wh_1')).toEqual(enabled);
    });

    it('keep since when their endpoint fails when they are enabled although they are', async () => {
      await open().createWebhook(fullWebhook, current);
      await open().setFailingSince('wh_1', at + 5);
      const same = await open().setWebhookStatus('wh_1', 'enabled', null, at + 7);
      expect(same).toMatchObject({ failingSince: at + 5 });
    });

    it('begin anew when they are replaced', async () => {
      await open().createWebhook(fullWebhook, current);
      await open().setFailingSince('wh_1', at + 5);
      expect(await open().replaceWebhook('wh_1', fullWebhook, at + 6)).toMatchObject({ failingSince: null });
      expect(await open().loadWebhooks()).toMatchObject([{ webhook: { failingSince: null } }]);
    });

    it('take no note of failures when they do not exist or were deleted', async () => {
      await open().setFailingSince('wh_9', at);
      await open().createWebhook(fullWebhook, current);
      await open().deleteWebhook('wh_1', at + 5);
      await open().setFailingSince('wh_1', at + 6);
      expect(await open().loadWebhooks()).toEqual([]);
    });

    it('keep which breakers are open, each as it was last, until it closes or its webhook is deleted', async () => {
      await open().createWebhook(fullWebhook, current);
      await open().createWebhook({ ...fullWebhook, id: 'wh_2' }, current);
      const breaker = (webhookId: string, trips = 1) => ({ webhookId, until: at + 300_000, trips });
      expect(await open().loadOpenBreakers()).toEqual([]);
      await open().saveBreakers({ opened: [breaker('wh_1'), breaker('wh_2'), breaker('wh_9')], closed: [] });
      await open().saveBreakers({ opened: [breaker('wh_2', 7)], closed: [] });
      expect(await open().loadOpenBreakers()).toEqual([breaker('wh_1'), breaker('wh_2', 7)]);
      await open().saveBreakers({ opened: [], closed: ['wh_1', 'wh_8'] });
      expect(await open().loadOpenBreakers()).toEqual([breaker('wh_2', 7)]);
      await open().deleteWebhook('wh_2', at + 5);
      expect(await open().loadOpenBreakers()).toEqual([]);
    });
  });
}
