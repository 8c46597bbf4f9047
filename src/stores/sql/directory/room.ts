import { sql } from 'kysely';
import { noAccount, selectLiveAccount } from './accounts.ts';
import type { DirectoryStore } from './directory-store.ts';

const counted = {
  webhooks: 'webhooks where deleted_at is null and',
  keys: 'api_keys where',
  senders: 'senders where',
} as const;

/**
 * The account, while it has fewer of something than `most` (`null`: no limit). As the condition of a transaction it is
 * looked at and written as one. Of what is counted, `most` rows of an index are read at most: 50 µs for 1,000.
 */
export function selectAccountWithRoom(
  db: DirectoryStore['db'],
  accountId: string,
  what: keyof typeof counted,
  most: number | null,
) {
  const account = selectLiveAccount(db, accountId);
  if (most === null) return account;
  const have = sql<number>`(select count(*) from (select 1 from ${sql.raw(counted[what])} account_id = ${accountId} limit ${most}) as counted)`;
  return account.where(have, '<', most);
}

/**
 * Why there was no room: `full`, unless there is no account at all.
 * @throws HookwireError `not_found`
 */
export async function fullOrGone(db: DirectoryStore['db'], accountId: string): Promise<'full'> {
  if (await selectLiveAccount(db, accountId).executeTakeFirst()) return 'full';
  throw noAccount(accountId);
}
