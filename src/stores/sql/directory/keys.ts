import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import type { Scope } from '../../../core/scopes.ts';
import type { ApiKey, Directory } from '../../ports/directory.ts';
import { afterCursor, rowsFor, toPage } from '../pages.ts';
import type { Tables } from '../tables.ts';
import type { DirectoryStore } from './directory-store.ts';
import { keepAnswer } from './kept-answers.ts';
import { fullOrGone, selectAccountWithRoom } from './room.ts';

type Keys = Pick<Directory, 'createKey' | 'listKeys' | 'findKeys' | 'deletedKeys' | 'deleteKey'>;

export function createKeys({ db, words, applyIf, listRows }: DirectoryStore): Keys {
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
        await applyIf(insert, keepAnswer(db, kept));
        return true;
      }
      const room = selectAccountWithRoom(db, accountId, 'keys', most);
      if (await applyIf(room, [insert, ...keepAnswer(db, kept)])) return true;
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
      return toPage(await listRows(accountId, query), page, toKey);
    },

    async findKeys(hashes) {
      const rows = await selectDeletions(db)
        .leftJoin(words.texts(hashes), (join) => join.onTrue())
        .leftJoin('api_keys', 'api_keys.hash', 'texts.value')
        .selectAll('api_keys')
        .execute();
      const keys = new Map<string, ApiKey>();
      for (const row of rows) if (isKey(row)) keys.set(row.hash, toKey(row));
      return { keys, deletions: rows[0]?.deletions ?? 0 };
    },

    async deletedKeys(since) {
      const rows = await selectDeletions(db)
        .leftJoin('deleted_keys', (join) => join.on('deleted_keys.number', '>', since))
        .select('deleted_keys.hash')
        .orderBy('deleted_keys.number')
        .execute();
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

/** How many keys were ever deleted: stands beside each row, and alone where there is none. */
function selectDeletions(db: DirectoryStore['db']) {
  return db
    .selectFrom(
      db.selectFrom('deleted_keys').select(sql<number>`coalesce(max(number), 0)`.as('deletions')).as('known'),
    )
    .select('known.deletions');
}

type KeyRow = Selectable<Tables['api_keys']>;

function isKey(row: { readonly [C in keyof KeyRow]: KeyRow[C] | null }): row is KeyRow {
  return row.id !== null;
}

function ownedBy(accountId: string | null): RawBuilder<SqlBool> {
  return accountId === null ? sql<SqlBool>`account_id is null` : sql<SqlBool>`account_id = ${accountId}`;
}

/** As it is shown to whoever asks the store for it. */
export function toKey({ id, account_id, name, scopes, created_at }: KeyRow): ApiKey {
  return { id, accountId: account_id, name, scopes: JSON.parse(scopes) as Scope[], createdAt: created_at };
}
