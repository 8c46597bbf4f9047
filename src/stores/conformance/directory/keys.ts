import { describe, expect, it } from 'vitest';
import type { Directory } from '../../ports/directory.ts';
import { at, key, keyOf, walk } from './samples.ts';

/** API keys, of which the hash alone is kept. */
export function describeKeys(open: () => Directory): void {
  describe('keys', () => {
    it('are found by their hash, with their scopes', async () => {
      const full = key({ scopes: ['webhooks:read', 'deliveries:replay'] });
      await open().createKey(full, 'hash-1');
      expect(await keyOf(open(), 'hash-1')).toEqual(full);
      expect(await keyOf(open(), 'hash-2')).toBeNull();
    });

    it('never share a hash', async () => {
      await open().createKey(key(), 'hash-1');
      await expect(open().createKey(key({ id: 'key_2' }), 'hash-1')).rejects.toThrow();
      expect(await keyOf(open(), 'hash-1')).toMatchObject({ id: 'key_1' });
    });

    it('are listed for their owner only, operators being one of them', async () => {
      await open().createKey(key({ id: 'key_1' }), 'hash-1');
      await open().createKey(key({ id: 'key_2', createdAt: at + 1 }), 'hash-2');
      await open().createKey(key({ id: 'key_3', accountId: 'acc_2' }), 'hash-3');
      await open().createKey(key({ id: 'key_4', accountId: null, scopes: ['admin'] }), 'hash-4');
      expect(await walk((page) => open().listKeys('acc_1', page), 1)).toEqual([['key_2'], ['key_1']]);
      expect(await walk((page) => open().listKeys('acc_2', page), 10)).toEqual([['key_3']]);
      expect(await walk((page) => open().listKeys(null, page), 10)).toEqual([['key_4']]);
    });

    it('are deleted by their owner only', async () => {
      await open().createKey(key(), 'hash-1');
      expect(await open().deleteKey('acc_2', 'key_1')).toBe(false);
      expect(await open().deleteKey(null, 'key_1')).toBe(false);
      expect(await keyOf(open(), 'hash-1')).not.toBeNull();
      expect(await open().deleteKey('acc_1', 'key_1')).toBe(true);
      expect(await keyOf(open(), 'hash-1')).toBeNull();
      expect(await open().deleteKey('acc_1', 'key_1')).toBe(false);
    });

    it('that were deleted are told of, with those of a deleted account, to whoever knows less', async () => {
      const { deletions: before } = await open().deletedKeys(0);
      for (const name of ['1', '2', '3']) await open().createKey(key({ id: `key_${name}` }), `gone-${name}`);
      expect(await open().deletedKeys(before)).toEqual({ hashes: [], deletions: before });
      await open().deleteKey('acc_1', 'key_2');
      expect(await open().deletedKeys(before)).toEqual({ hashes: ['gone-2'], deletions: before + 1 });
      expect(await open().findKeys(['gone-1', 'gone-2'])).toMatchObject({ deletions: before + 1 });
      await open().deleteAccount('acc_1');
      const { hashes, deletions } = await open().deletedKeys(before + 1);
      expect([hashes?.toSorted(), deletions]).toEqual([['gone-1', 'gone-3'], before + 3]);
      expect(await open().deletedKeys(deletions)).toEqual({ hashes: [], deletions });
    });

    it('are found many at once', async () => {
      await open().createKey(key(), 'hash-1');
      await open().createKey(key({ id: 'key_2' }), 'hash-2');
      const { keys } = await open().findKeys(['hash-2', 'hash-0', 'hash-1']);
      expect([...keys].map(([hash, { id }]) => [hash, id]).toSorted()).toEqual([
        ['hash-1', 'key_1'],
        ['hash-2', 'key_2'],
      ]);
      expect((await open().findKeys([])).keys.size).toBe(0);
    });

    it('of operators are deleted as such', async () => {
      await open().createKey(key({ accountId: null }), 'hash-1');
      expect(await open().deleteKey(null, 'key_1')).toBe(true);
      expect(await keyOf(open(), 'hash-1')).toBeNull();
    });
  });
}
