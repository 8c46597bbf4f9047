import { describe, expect, it } from 'vitest';
import type { Directory } from '../../ports/directory.ts';
import { at, sender, walk } from './samples.ts';

/** Numbers of an account. */
export function describeSenders(open: () => Directory): void {
  describe('senders', () => {
    it('are given back as they were created', async () => {
      const labelled = sender({ label: 'Orders' });
      expect(await open().createSender(labelled)).toEqual(labelled);
      expect(await open().getSender('snd_1')).toEqual(labelled);
      expect(await open().getSender('snd_2')).toBeNull();
    });

    it('exist once per account, product and number', async () => {
      await open().createSender(sender());
      expect(await open().createSender(sender({ id: 'snd_2', label: 'again' }))).toBeNull();
      expect(await open().getSender('snd_2')).toBeNull();
      expect(await open().createSender(sender({ id: 'snd_3', accountId: 'acc_2' }))).not.toBeNull();
    });

    it('are listed by account and product', async () => {
      await open().createSender(sender());
      await open().createSender(sender({ id: 'snd_2', productUniqueId: '918888888888', createdAt: at + 1 }));
      await open().createSender(sender({ id: 'snd_3', accountId: 'acc_2', createdAt: at + 2 }));
      const list = (filter: Parameters<Directory['listSenders']>[0]) =>
        walk((page) => open().listSenders(filter, page), 2);
      expect(await list({ accountId: null })).toEqual([['snd_3', 'snd_2'], ['snd_1']]);
      expect(await list({ accountId: 'acc_1' })).toEqual([['snd_2', 'snd_1']]);
      expect(await list({ accountId: 'acc_1', product: 'whatsapp' })).toEqual([['snd_2', 'snd_1']]);
      expect(await list({ accountId: 'acc_1', product: 'sms' })).toEqual([[]]);
    });

    it('are deleted once, after which the number is free again', async () => {
      await open().createSender(sender());
      expect(await open().deleteSender('snd_1')).toBe(true);
      expect(await open().deleteSender('snd_1')).toBe(false);
      expect(await open().createSender(sender({ id: 'snd_2' }))).not.toBeNull();
    });
  });
}
