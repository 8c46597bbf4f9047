import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import type { Scope } from '../../../core/scopes.ts';
import type { ApiKey, Directory } from '../../ports/directory.ts';
import { listRows } from '../reader/list-rows.ts';
import { applyIf } from './apply-if.ts';
import type { DirectoryStore } from './directory-store.ts';
import { keepAnswer } from './kept-answers.ts';
import { afterCursor, rowsFor, toPage } from './pages.ts';
import { fullOrGone, selectAccountWithRoom } from './room.ts';
import type { Tables } from './tables.ts';

type Keys = Pick<Directory, 'createKey' | 'listKeys' | 'findKeys' | 'deletedKeys' | 'deleteKey'>;

type FoundKey = { readonly deletions: number } & (
  | { readonly id: null }
  | (Selectable<Tables['api_keys']> & { readonly hash: string })
);

interface DeletedKey {
  readonly hash: string | null;
  readonly deletions: number;
}

/** How many keys were ever deleted stands beside each row, and alone where there is none. */
const deletions = `(select coalesce(max(number), 0) from deleted_keys) as deletions`;
const find = `
  select ${deletions}, k.* from (select 0) left join json_each(?) as asked left join api_keys as k on k.hash = asked.value`;
const deletedSince = `
  select ${deletions}, d.hash from (select 0) left join deleted_keys as d on d.number > ? order by d.number`;

export function createKeys({ desk, reader, db }: DirectoryStore): Keys {
  return {
    async createKey({ id, accountId, name, scopes, createdAt }, hash, most = null, kept = null) {
      const insert = db.insertInto('api_keys').values({
        id,
        account_id: accountId,
        name,
        scopes: JSON.stringify(scopes),
        hash,
        created_at: createdAt,
      });
      if (accountId === null) {
        await applyIf(desk, insert, keepAnswer(db, kept));
        return true;
      }
      const room = selectAccountWithRoom(db, accountId, 'keys', most);
      if (await applyIf(desk, room, [insert, ...keepAnswer(db, kept)])) return true;
      return (await fullOrGone(db, accountId)) !== 'full';
    },

    async listKeys(accountId, page) {
      const query = db
        .selectFrom('api_keys')
        .selectAll()
        .where(ownedBy(accountId))
        .where(afterCursor('api_keys', page))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(rowsFor(page));
      return toPage(await listRows(reader, accountId, query), page, toKey);
    },

    async findKeys(hashes) {
      const rows = (await reader.look(find, [JSON.stringify(hashes)])) as unknown as FoundKey[];
      const keys = new Map<string, ApiKey>();
      for (const row of rows) if (row.id !== null) keys.set(row.hash, toKey(row));
      return { keys, deletions: rows[0]?.deletions ?? 0 };
    },

    async deletedKeys(since) {
      const rows = (await reader.look(deletedSince, [since])) as unknown as DeletedKey[];
      const deletions = rows[0]?.deletions ?? 0;
      const hashes = rows.flatMap(({ hash }) => hash ?? []);
      return { hashes: hashes.length === Math.max(0, deletions - since) ? hashes : null, deletions };
    },

    async deleteKey(accountId, keyId) {
      const { numDeletedRows } = await db
        .deleteFrom('api_keys')
        .where('id', '=', keyId)
        .where(ownedBy(accountId))
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

/** SQLite's `is` compares with null too. */
function ownedBy(accountId: string | null): RawBuilder<SqlBool> {
  return sql<SqlBool>`account_id is ${accountId}`;
}

function toKey({ id, account_id, name, scopes, created_at }: Selectable<Tables['api_keys']>): ApiKey {
  return { id, accountId: account_id, name, scopes: JSON.parse(scopes) as Scope[], createdAt: created_at };
}
