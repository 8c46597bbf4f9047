import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory, WebhookFilter } from '../../ports/directory.ts';
import type { PageRequest } from '../../ports/page.ts';
import { at, current, fullWebhook, walk, webhook } from './samples.ts';

/** Webhooks in lists. */
export function describeWebhookLists(open: () => Directory): void {
  describe('webhooks in lists', () => {
    beforeEach(async () => {
      await open().createWebhook(webhook({ id: 'wh_sms', url: 'https://a.example/Dlr_100%' }), current);
      await open().createWebhook({ ...fullWebhook, id: 'wh_wa', createdAt: at + 1 }, current);
      await open().createWebhook(
        {
          ...fullWebhook,
          id: 'wh_mo',
          reportType: 'mo',
          description: 'ÉQUIPE Bestellung',
          createdAt: at + 2,
        },
        current,
      );
      await open().createWebhook(webhook({ id: 'wh_bolt', accountId: 'acc_2', createdAt: at + 3 }), current);
      await open().setWebhookStatus('wh_wa', 'disabled', 'by_user', at);
    });

    const list = (filter: Omit<WebhookFilter, 'accountId'>, accountId: string | null = null) =>
      walk((page) => open().listWebhooks({ accountId, ...filter }, page), 100);

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
      await open().replaceWebhook('wh_sms', webhook({ url: 'https://moved.example/' }), at);
      expect(await list({ q: 'moved' })).toEqual([['wh_sms']]);
      expect(await list({ q: 'a.example' })).toEqual([[]]);
    });

    it('keep their filter from page to page', async () => {
      const paged = (page: PageRequest) => open().listWebhooks({ accountId: 'acc_1' }, page);
      expect(await walk(paged, 2)).toEqual([['wh_mo', 'wh_wa'], ['wh_sms']]);
    });
  });
}
