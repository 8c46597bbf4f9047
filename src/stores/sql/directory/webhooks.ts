import { sql } from 'kysely';
import type { Directory } from '../../ports/directory.ts';
import { readCursor, writeCursor } from '../pages.ts';
import type { DirectoryStore } from './directory-store.ts';
import { keepAnswer } from './kept-answers.ts';
import { listWebhooks } from './list-webhooks.ts';
import { fullOrGone, selectAccountWithRoom } from './room.ts';
import { secretRow } from './secrets.ts';
import { configColumns, readConfig, selectWebhooks, toWebhook, writeConfig } from './webhook-rows.ts';

type Webhooks = Pick<
  Directory,
  | 'createWebhook'
  | 'listWebhooks'
  | 'getWebhook'
  | 'replaceWebhook'
  | 'setWebhookStatus'
  | 'disableWebhook'
  | 'untoldDisablings'
  | 'disablingTold'
  | 'setFailingSince'
  | 'deleteWebhook'
  | 'getWebhookVersion'
>;

export function createWebhooks(store: DirectoryStore): Webhooks {
  const { db, applyIf, cipher } = store;
  const live = (id: string) =>
    db.updateTable('webhooks').where('webhooks.id', '=', id).where('deleted_at', 'is', null);

  return {
    async createWebhook(webhook, secret, most = null, kept = null) {
      const { id, accountId, version, createdAt } = webhook;
      const created = await applyIf(selectAccountWithRoom(db, accountId, 'webhooks', most), [
        db.insertInto('webhooks').values({
          id,
          account_id: accountId,
          ...configColumns(id, webhook),
          status: webhook.status,
          disabled_reason: webhook.disabledReason,
          failing_since: webhook.failingSince,
          version,
          created_at: createdAt,
          updated_at: webhook.updatedAt,
          deleted_at: null,
        }),
        db.insertInto('webhook_versions').values({
          account_id: accountId,
          webhook_id: id,
          version,
          config: writeConfig(webhook, id, cipher),
          created_at: createdAt,
        }),
        db
          .insertInto('webhook_secrets')
          .values({ account_id: accountId, ...secretRow(id, secret, createdAt, cipher) }),
        ...keepAnswer(db, kept),
      ]);
      return created !== null || (await fullOrGone(db, accountId)) !== 'full';
    },

    async listWebhooks(filter, { limit, cursor }) {
      const behind = cursor === null ? null : readCursor(cursor);
      const { rows, next } = await listWebhooks(store, filter, limit, behind);
      return { data: rows.map((row) => toWebhook(row, cipher)), nextCursor: next && writeCursor(next) };
    },

    async getWebhook(id) {
      const row = await selectWebhooks(db).where('webhooks.id', '=', id).executeTakeFirst();
      return row ? toWebhook(row, cipher) : null;
    },

    async replaceWebhook(id, config, now, ifVersion) {
      const current = ifVersion === undefined ? live(id) : live(id).where('version', '=', ifVersion);
      const raise = current.set((eb) => ({
        ...configColumns(id, config),
        version: eb('version', '+', 1),
        failing_since: null,
        updated_at: now,
      }));
      const result = await applyIf(raise, [
        db
          .insertInto('webhook_versions')
          .columns(['account_id', 'webhook_id', 'version', 'config', 'created_at'])
          .expression(
            db
              .selectFrom('webhooks')
              .select(({ val }) => [
                'account_id',
                'id',
                'version',
                val(writeConfig(config, id, cipher)).as('config'),
                val(now).as('created_at'),
              ])
              .where('id', '=', id),
          ),
        selectWebhooks(db).where('webhooks.id', '=', id),
      ]);
      const row = result?.[1][0];
      return row ? toWebhook(row, cipher) : null;
    },

    async setWebhookStatus(id, status, reason, now) {
      const disabled_reason = status === 'enabled' ? null : reason;
      // Enabling what is enabled says nothing of its endpoint.
      const failing_since =
        status === 'enabled'
          ? sql<number | null>`case status when 'enabled' then failing_since end`
          : sql.ref<number | null>('failing_since');
      const known = { status, disabled_reason, failing_since };
      const change = live(id).set({ ...known, untold_disabling: null, updated_at: now });
      const result = await applyIf(change, [selectWebhooks(db).where('webhooks.id', '=', id)]);
      const row = result?.[0][0];
      return row ? toWebhook(row, cipher) : null;
    },

    async disableWebhook({ id, version, updatedAt }, reason, now) {
      const change = live(id)
        .where('status', '=', 'enabled')
        .where('version', '=', version)
        .where('updated_at', '=', updatedAt)
        .set({ status: 'disabled', disabled_reason: reason, untold_disabling: now, updated_at: now });
      const result = await applyIf(change, [selectWebhooks(db).where('webhooks.id', '=', id)]);
      const row = result?.[0][0];
      return row ? toWebhook(row, cipher) : null;
    },

    async untoldDisablings() {
      const rows = await selectWebhooks(db)
        .select('webhooks.untold_disabling as at')
        .where('webhooks.untold_disabling', 'is not', null)
        .orderBy('webhooks.untold_disabling')
        .execute();
      return rows.map((row) => ({ webhook: toWebhook(row, cipher), at: row.at ?? 0 }));
    },

    async disablingTold(id, at) {
      const told = db.updateTable('webhooks').where('id', '=', id).where('untold_disabling', '=', at);
      await told.set({ untold_disabling: null }).execute();
    },

    async setFailingSince(id, at) {
      await live(id).set({ failing_since: at }).execute();
    },

    async deleteWebhook(id, now) {
      // Its secrets stay until it can no longer be restored.
      const result = await applyIf(live(id).set({ deleted_at: now, updated_at: now }), []);
      return result !== null;
    },

    async getWebhookVersion(id, version) {
      const row = await db
        .selectFrom('webhooks')
        .innerJoin('webhook_versions as old', (join) =>
          join
            .onRef('old.account_id', '=', 'webhooks.account_id')
            .onRef('old.webhook_id', '=', 'webhooks.id'),
        )
        .select('old.config')
        .where('webhooks.id', '=', id)
        .where('old.version', '=', version)
        .executeTakeFirst();
      return row ? readConfig(row.config, id, cipher) : null;
    },
  };
}
