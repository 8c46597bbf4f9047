import { describe, expect, it } from 'vitest';
import { dayMs, noOwnKeep } from '../core/keeping.ts';
import type { Account, Directory } from '../stores/ports/directory.ts';
import { knowAccounts } from './known-accounts.ts';

const account = (id: string): Account => ({ id, name: id, createdAt: 0, limits: {}, keep: noOwnKeep });

/** A directory of accounts with pages of two; everything else is missing. */
function fakeDirectory(...ids: string[]) {
  const accounts = new Set(ids);
  const part: Pick<
    Directory,
    'createAccount' | 'listAccounts' | 'deleteAccount' | 'getAccount' | 'changeAccount'
  > = {
    changeAccount: async (id, { keep = {} }) => ({ ...account(id), keep: { ...noOwnKeep, ...keep } }),
    createAccount: async (created) =>
      accounts.has(created.id) ? null : { limits: {}, keep: noOwnKeep, ...created },
    getAccount: async (id) => (accounts.has(id) ? account(id) : null),
    async listAccounts({ cursor }) {
      const all = [...accounts];
      const from = cursor === null ? 0 : Number(cursor);
      const next = from + 2 < all.length ? String(from + 2) : null;
      return { data: all.slice(from, from + 2).map(account), nextCursor: next };
    },
    deleteAccount: async (id) => accounts.delete(id),
  };
  return part as Directory;
}

describe('the known accounts', () => {
  it('are all that there are at the start, over every page', async () => {
    const known = await knowAccounts(fakeDirectory('a', 'b', 'c', 'd', 'e'));
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map(known.has)).toEqual([true, true, true, true, true, false]);
  });

  it('follow what is created and deleted', async () => {
    const known = await knowAccounts(fakeDirectory('a'));
    await known.directory.createAccount(account('b'));
    expect(known.has('b')).toBe(true);
    expect(await known.directory.deleteAccount('a')).toBe(true);
    expect(known.has('a')).toBe(false);
  });

  it('are as before where nothing came of it', async () => {
    const directory = fakeDirectory('a');
    const failing = { ...directory, deleteAccount: () => Promise.reject(new Error('disk full')) };
    const known = await knowAccounts(failing);
    await expect(known.directory.deleteAccount('a')).rejects.toThrow('disk full');
    expect(known.has('a')).toBe(true);
    expect(await known.directory.createAccount(account('a'))).toBeNull();
    expect(known.has('a')).toBe(true);
  });

  it('take no more events from the moment that the deletion begins', async () => {
    const known = await knowAccounts(fakeDirectory('a'));
    const deleted = known.directory.deleteAccount('a');
    expect(known.has('a')).toBe(false);
    await deleted;
  });

  it('say how long what is theirs is kept, as long as for all unless told, from the change on', async () => {
    const known = await knowAccounts(fakeDirectory('a', 'b'), undefined, { payloadDays: 30, logDays: 0 });
    const ofAll = { payloadMs: 30 * dayMs, logMs: null };
    expect(['a', 'b', 'unknown'].map(known.keepOf)).toEqual([ofAll, ofAll, ofAll]);
    await known.directory.changeAccount('a', { keep: { payloadDays: 7, logDays: 90 } });
    expect(known.keepOf('a')).toEqual({ payloadMs: 7 * dayMs, logMs: 90 * dayMs });
    expect(known.keepOf('b')).toEqual(ofAll);
    await known.directory.changeAccount('a', { keep: { payloadDays: null, logDays: null } });
    expect(known.keepOf('a')).toEqual(ofAll);
    await known.directory.createAccount({ ...account('c'), keep: { payloadDays: null, logDays: 5 } });
    expect(known.keepOf('c')).toEqual({ payloadMs: 5 * dayMs, logMs: 5 * dayMs });
    await known.directory.deleteAccount('c');
    expect(known.keepOf('c')).toEqual(ofAll);
  });

  it('leave the rest of the directory as it is', async () => {
    const known = await knowAccounts(fakeDirectory('a'));
    expect(await known.directory.getAccount('a')).toEqual(account('a'));
  });
});
