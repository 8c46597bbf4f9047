import type { Directory } from '../stores/ports/directory.ts';

/** Which accounts there are, in memory, since every event names one. */
export interface KnownAccounts {
  has(accountId: string): boolean;
  /** The directory, telling this of every account that comes or goes. */
  readonly directory: Directory;
}

export async function knowAccounts(directory: Directory): Promise<KnownAccounts> {
  const ids = new Set<string>();
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page: Awaited<ReturnType<Directory['listAccounts']>> = await directory.listAccounts({
      limit: 500,
      cursor,
    });
    for (const account of page.data) ids.add(account.id);
    cursor = page.nextCursor;
  }
  return {
    has: (accountId) => ids.has(accountId),
    directory: {
      ...directory,
      async createAccount(account) {
        const created = await directory.createAccount(account);
        if (created) ids.add(created.id);
        return created;
      },
      async deleteAccount(id) {
        const known = ids.delete(id);
        try {
          return await directory.deleteAccount(id);
        } catch (error) {
          if (known) ids.add(id);
          throw error;
        }
      },
    },
  };
}
