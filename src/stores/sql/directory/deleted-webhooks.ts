import { sql } from 'kysely';
import type { Directory } from '../../ports/directory.ts';
import { selectLiveAccount } from './accounts.ts';
import type { DirectoryStore } from './directory-store.ts';
import { selectAccountWithRoom } from './room.ts';
import { ofWebhook, openSecret } from './secrets.ts';
import { selectAllWebhooks, selectWebhooks, toWebhook } from './webhook-rows.ts';

type DeletedWebhooks = Pick<
  Directory,
  'getDeletedWebhook' | 'restoreWebhook' | 'wipeDeletedSecrets' | 'getSecretHistory'
>;

/** What is left of webhooks that were deleted. */
export function createDeletedWebhooks({ db, applyIf, cipher }: DirectoryStore): DeletedWebhooks {
  return {
    async getDeletedWebhook(id) {
      const row = await selectAllWebhooks(db)
        .select('webhooks.deleted_at')
        .where('webhooks.id', '=', id)
        .where(({ exists, ref }) =>
          exists(
            db
              .selectFrom('accounts')
              .select('accounts.id')
              .where('accounts.id', '=', ref('webhooks.account_id'))
              .where('accounts.deleted_at', 'is', null),
          ),
        )
        .executeTakeFirst();
      return row && row.deleted_at !== null
        ? { webhook: toWebhook(row, cipher), deletedAt: row.deleted_at }
        : null;
    },

    async restoreWebhook(id, deletedSince, now, most = null) {
      const owner = await db
        .selectFrom('webhooks')
        .select('account_id')
        .where('id', '=', id)
        .executeTakeFirst();
      if (!owner) return null;
      const restore = db
        .updateTable('webhooks')
        .set({ deleted_at: null, updated_at: now })
        .where('id', '=', id)
        .where('deleted_at', '>=', deletedSince)
        .where(({ exists }) => exists(selectAccountWithRoom(db, owner.account_id, 'webhooks', most)));
      const result = await applyIf(restore, [selectWebhooks(db).where('webhooks.id', '=', id)]);
      const row = result?.[0][0];
      if (row) return toWebhook(row, cipher);
      const restorable = await db
        .selectFrom('webhooks')
        .select('id')
        .where('id', '=', id)
        .where('deleted_at', '>=', deletedSince)
        .where(({ exists }) => exists(selectLiveAccount(db, owner.account_id)))
        .executeTakeFirst();
      return restorable ? 'full' : null;
    },

    async wipeDeletedSecrets(before) {
      await db
        .updateTable('webhook_secrets')
        .set({ secret: '' })
        .where('secret', '!=', '')
        .where(
          sql<boolean>`(account_id, webhook_id) in (select account_id, id from webhooks where deleted_at < ${before})`,
        )
        .execute();
    },

    async getSecretHistory(webhookId) {
      const rows = await db
        .selectFrom('webhook_secrets')
        .select(['secret', 'created_at', 'expires_at'])
        .where(ofWebhook(webhookId))
        .orderBy('number', 'desc')
        .execute();
      return rows.map((row) => ({
        secret: row.secret === '' ? null : openSecret(row.secret, webhookId, cipher),
        from: row.created_at,
        until: row.expires_at,
      }));
    },
  };
}
