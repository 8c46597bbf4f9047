import { type Selectable, sql } from 'kysely';
import type { LimitOverrides } from '../../../core/account-limits.ts';
import { HookwireError } from '../../../core/errors.ts';
import { noOwnKeep } from '../../../core/keeping.ts';
import type { Account, Directory } from '../../ports/directory.ts';
import { afterCursor, rowsFor, toPage } from '../pages.ts';
import { endRolesIn } from '../people/forget.ts';
import type { Tables } from '../tables.ts';
import type { DirectoryStore } from './directory-store.ts';
import { keepAnswer } from './kept-answers.ts';

type Accounts = Pick<
  Directory,
  'createAccount' | 'listAccounts' | 'getAccount' | 'changeAccount' | 'deleteAccount' | 'countOwned'
>;

export function createAccounts({ db, words, applyIf, listRows, clock }: DirectoryStore): Accounts {
  return {
    async createAccount({ id, name, createdAt, limits = {}, keep = noOwnKeep }, kept = null) {
      const insert = db
        .insertInto('accounts')
        .columns(['id', 'name', 'created_at', 'limits', 'keep_payload_days', 'keep_log_days'])
        .expression(
          db
            .selectNoFrom(({ val }) => [
              val(id).as('id'),
              val(name).as('name'),
              val(createdAt).as('created_at'),
              val(JSON.stringify(limits)).as('limits'),
              val(keep.payloadDays).as('keep_payload_days'),
              val(keep.logDays).as('keep_log_days'),
            ])
            .where(isRemoved(id)),
        )
        .onConflict((conflict) => conflict.doNothing());
      const changes = [selectLiveAccount(db, id), ...keepAnswer(db, kept)] as const;
      const result = await applyIf(insert, changes);
      const row = result?.[0][0];
      return row ? toAccount(row) : null;
    },

    async listAccounts(page) {
      const query = db
        .selectFrom('accounts')
        .selectAll()
        .where('deleted_at', 'is', null)
        .where(afterCursor('accounts', page))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(rowsFor(page));
      return toPage(await listRows(null, query), page, toAccount);
    },

    async getAccount(id) {
      const row = await selectLiveAccount(db, id).executeTakeFirst();
      return row ? toAccount(row) : null;
    },

    async changeAccount(id, { name, limits, keep = {} }) {
      const row = await db
        .updateTable('accounts')
        .set({
          name: name ?? sql.ref<string>('name'),
          limits: limits ? words.patched('limits', limits) : sql.ref<string>('limits'),
          ...(keep.payloadDays !== undefined && { keep_payload_days: keep.payloadDays }),
          ...(keep.logDays !== undefined && { keep_log_days: keep.logDays }),
        })
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      return row ? toAccount(row) : null;
    },

    async deleteAccount(id) {
      const deleted = { deleted_at: clock.now() };
      const live = db
        .updateTable('accounts')
        .set(deleted)
        .where('id', '=', id)
        .where('deleted_at', 'is', null);
      const result = await applyIf(live, [
        db.deleteFrom('api_keys').where('account_id', '=', id),
        db.deleteFrom('senders').where('account_id', '=', id),
        db.deleteFrom('webhook_secrets').where('account_id', '=', id),
        db.updateTable('webhooks').set(deleted).where('account_id', '=', id).where('deleted_at', 'is', null),
        db.deleteFrom('kept_answers').where('scope', '=', id),
        ...endRolesIn(db, id),
      ]);
      return result !== null;
    },

    async countOwned(accountId) {
      const webhooks = db
        .selectFrom('webhooks')
        .where('account_id', '=', accountId)
        .where('deleted_at', 'is', null);
      const keys = db.selectFrom('api_keys').where('account_id', '=', accountId);
      const senders = db.selectFrom('senders').where('account_id', '=', accountId);
      const count = sql<number>`count(*)`.as('count');
      return db
        .selectNoFrom([
          webhooks.select(count).$asScalar().as('webhooks'),
          keys.select(count).$asScalar().as('keys'),
          senders.select(count).$asScalar().as('senders'),
        ])
        .executeTakeFirstOrThrow();
    },
  };
}

/** Finds a row while the account exists: what belongs to an account is written on this condition. */
export function selectLiveAccount(db: DirectoryStore['db'], id: string) {
  return db.selectFrom('accounts').selectAll().where('id', '=', id).where('deleted_at', 'is', null);
}

/** No account of that id is still being removed. */
function isRemoved(id: string) {
  return sql<boolean>`not exists
    (select 1 from erasures where deleted_account_id = ${id} and finished_at is null)`;
}

export function noAccount(id: string): HookwireError {
  return new HookwireError('not_found', `There is no account ${id}.`);
}

/** As it is shown to whoever asks the store for it. */
export function toAccount(row: Omit<Selectable<Tables['accounts']>, 'deleted_at'>): Account {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    limits: JSON.parse(row.limits) as LimitOverrides,
    keep: { payloadDays: row.keep_payload_days, logDays: row.keep_log_days },
  };
}
