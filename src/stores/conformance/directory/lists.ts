import { describe, expect, it } from 'vitest';
import type { Directory } from '../../ports/directory.ts';
import { at, walk } from './samples.ts';

/** What all lists have in common. */
export function describeLists(open: () => Directory): void {
  describe('lists', () => {
    it('come newest first, by id where the time is the same, page by page without gap or repeat', async () => {
      const made = ['acc_a', 'acc_c', 'acc_b'];
      for (const id of made) await open().createAccount({ id, name: id, createdAt: at + 10 });
      expect(await walk((page) => open().listAccounts(page), 2)).toEqual([
        ['acc_c', 'acc_b'],
        ['acc_a', 'acc_2'],
        ['acc_1'],
      ]);
    });

    it('give no further page after a last one that is full', async () => {
      expect(await walk((page) => open().listAccounts(page), 2)).toEqual([['acc_2', 'acc_1']]);
    });

    it('are not moved by what is created while a caller walks through', async () => {
      const first = await open().listAccounts({ limit: 1, cursor: null });
      await open().createAccount({ id: 'acc_new', name: 'new', createdAt: at + 5 });
      const second = await open().listAccounts({ limit: 1, cursor: first.nextCursor });
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
        await expect(open().listAccounts(page)).rejects.toMatchObject(refused);
        await expect(open().listKeys(null, page)).rejects.toMatchObject(refused);
        await expect(open().listSenders({ accountId: null }, page)).rejects.toMatchObject(refused);
        await expect(open().listWebhooks({ accountId: null }, page)).rejects.toMatchObject(refused);
      }
    });
  });
}
