import type { Selectable } from 'kysely';
import type { Directory, Sender } from '../../ports/directory.ts';
import { afterCursor, rowsFor, toPage } from '../pages.ts';
import type { Tables } from '../tables.ts';
import type { DirectoryStore } from './directory-store.ts';
import { keepAnswer } from './kept-answers.ts';
import { fullOrGone, selectAccountWithRoom } from './room.ts';

type Senders = Pick<Directory, 'createSender' | 'listSenders' | 'getSender' | 'deleteSender'>;

export function createSenders({ db, applyIf, listRows }: DirectoryStore): Senders {
  return {
    async createSender(
      { id, accountId, product, productUniqueId, label, createdAt },
      most = null,
      kept = null,
    ) {
      const insert = db
        .insertInto('senders')
        .values({
          id,
          account_id: accountId,
          product,
          product_unique_id: productUniqueId,
          label,
          created_at: createdAt,
        })
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'product', 'product_unique_id']).doNothing(),
        )
        .returningAll();
      const room = selectAccountWithRoom(db, accountId, 'senders', most);
      const result = await applyIf(room, [insert, ...keepAnswer(db, kept, { sender: id })]);
      if (!result) return fullOrGone(db, accountId);
      const [[row]] = result;
      return row ? toSender(row) : null;
    },

    async listSenders({ accountId, product }, page) {
      let query = db.selectFrom('senders').selectAll().where(afterCursor('senders', page));
      if (accountId !== null) query = query.where('account_id', '=', accountId);
      if (product !== undefined) query = query.where('product', '=', product);
      const newest = query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(rowsFor(page));
      return toPage(await listRows(accountId, newest), page, toSender);
    },

    async getSender(id) {
      const row = await db.selectFrom('senders').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toSender(row) : null;
    },

    async deleteSender(id) {
      const { numDeletedRows } = await db
        .deleteFrom('senders')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

/** As it is shown to whoever asks the store for it. */
export function toSender(row: Selectable<Tables['senders']>): Sender {
  return {
    id: row.id,
    accountId: row.account_id,
    product: row.product,
    productUniqueId: row.product_unique_id,
    label: row.label,
    createdAt: row.created_at,
  };
}
