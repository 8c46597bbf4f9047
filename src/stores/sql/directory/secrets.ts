import { type SqlBool, sql } from 'kysely';
import type { SigningSecret, WebhookWithSecrets } from '../../../core/webhook.ts';
import type { Directory } from '../../ports/directory.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { DirectoryStore } from './directory-store.ts';
import { selectWebhooks, toWebhook } from './webhook-rows.ts';

type Secrets = Pick<Directory, 'getSecrets' | 'rotateSecret' | 'loadWebhooks'>;

export function createSecrets({ db, words, applyIf, cipher }: DirectoryStore): Secrets {
  /** Those of a webhook that is not deleted, newest first. */
  const selectSecrets = (webhookId: string) =>
    db
      .selectFrom('webhook_secrets')
      .select(['secret', 'expires_at'])
      .where(ofWebhook(webhookId))
      .where('secret', '!=', '')
      .where(({ exists }) => exists(selectWebhooks(db).where('webhooks.id', '=', webhookId)))
      .orderBy('number', 'desc');

  return {
    async getSecrets(webhookId, now) {
      const rows = await selectSecrets(webhookId)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
        .execute();
      return rows.map((row) => toSecret(row, webhookId, cipher));
    },

    async rotateSecret(webhookId, secret, now, previousExpireAt) {
      const live = db
        .selectFrom('webhooks')
        .select('id')
        .where('id', '=', webhookId)
        .where('deleted_at', 'is', null);
      const result = await applyIf(live, [
        db
          .updateTable('webhook_secrets')
          .set({
            expires_at: sql<number>`case when expires_at < ${previousExpireAt} then expires_at else ${previousExpireAt} end`,
          })
          .where(ofWebhook(webhookId)),
        db
          .updateTable('webhook_secrets')
          .set({ secret: '' })
          .where(ofWebhook(webhookId))
          .where('expires_at', '<=', now),
        db
          .insertInto('webhook_secrets')
          .columns(['account_id', 'webhook_id', 'number', 'secret', 'expires_at', 'created_at'])
          .expression(
            db
              .selectFrom('webhooks')
              .select(({ val }) => [
                'account_id',
                'id',
                sql<number>`(select coalesce(max(number), 0) + 1 from webhook_secrets where ${ofWebhook(webhookId)})`.as(
                  'number',
                ),
                val(sealSecret(secret, webhookId, cipher)).as('secret'),
                sql<null>`null`.as('expires_at'),
                val(now).as('created_at'),
              ])
              .where('id', '=', webhookId),
          ),
        selectSecrets(webhookId),
      ]);
      const rows = result?.[3] ?? [];
      return rows.map((row) => toSecret(row, webhookId, cipher));
    },

    async loadWebhooks(ids) {
      const webhooks = selectWebhooks(db);
      const asked = ids
        ? webhooks.where('webhooks.id', 'in', db.selectFrom(words.texts(ids)).select('value'))
        : webhooks;
      const rows = await asked
        .leftJoin('webhook_secrets', (join) =>
          join
            .onRef('webhook_secrets.account_id', '=', 'webhooks.account_id')
            .onRef('webhook_secrets.webhook_id', '=', 'webhooks.id')
            .on('webhook_secrets.secret', '!=', ''),
        )
        .select(['webhook_secrets.secret', 'webhook_secrets.expires_at'])
        .orderBy('webhooks.account_id')
        .orderBy('webhooks.id')
        .orderBy('webhook_secrets.number', 'desc')
        .execute();
      const loaded = new Map<string, WebhookWithSecrets & { secrets: SigningSecret[] }>();
      for (const row of rows) {
        const entry = loaded.get(row.id) ?? { webhook: toWebhook(row, cipher), secrets: [] };
        loaded.set(row.id, entry);
        if (row.secret !== null) entry.secrets.push(toSecret({ ...row, secret: row.secret }, row.id, cipher));
      }
      return [...loaded.values()];
    },
  };
}

/** The row of a webhook's first secret, without its account. */
export function secretRow(
  webhookId: string,
  { secret, expiresAt }: SigningSecret,
  createdAt: number,
  cipher: Cipher,
) {
  return {
    webhook_id: webhookId,
    number: 1,
    secret: sealSecret(secret, webhookId, cipher),
    expires_at: expiresAt,
    created_at: createdAt,
  };
}

/** Finds a webhook's secrets by their whole key, which begins with the account. */
export function ofWebhook(webhookId: string) {
  return sql<SqlBool>`(account_id, webhook_id) = (select account_id, id from webhooks where id = ${webhookId})`;
}

function toSecret(
  row: { secret: string; expires_at: number | null },
  webhookId: string,
  cipher: Cipher,
): SigningSecret {
  return { secret: openSecret(row.secret, webhookId, cipher), expiresAt: row.expires_at };
}

/** A secret that was not wiped. */
export function openSecret(sealed: string, webhookId: string, cipher: Cipher): string {
  return cipher.open(sealed, secretContext(webhookId));
}

export function sealSecret(secret: string, webhookId: string, cipher: Cipher): string {
  return cipher.seal(secret, secretContext(webhookId));
}

function secretContext(webhookId: string): string {
  return `${webhookId}/secret`;
}
