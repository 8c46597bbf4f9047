import { sql } from 'kysely';
import type { RoutingRule, WebhookConfig } from '../../../core/webhook.ts';
import type { Directory } from '../../ports/directory.ts';
import type { DirectoryStore } from './directory-store.ts';
import { currentConfig } from './webhook-rows.ts';

/** Webhooks as routing saw them at some instant; what is secret in their configuration is not opened. */
export function createRoutedWebhooks({ db }: DirectoryStore): Pick<Directory, 'routedWebhooks'> {
  return {
    async routedWebhooks(accountId, at, deletedSince) {
      const rows = await db
        .selectFrom('webhooks')
        .select([
          'webhooks.id',
          'webhooks.status',
          'webhooks.created_at',
          'webhooks.deleted_at',
          currentConfig.as('config'),
          sql<string | null>`(select v.config from webhook_versions v
            where v.account_id = webhooks.account_id and v.webhook_id = webhooks.id and v.created_at <= ${at}
            order by v.version desc limit 1)`.as('earlier'),
        ])
        .where('webhooks.account_id', '=', accountId)
        .where(({ eb, or }) =>
          or([eb('webhooks.deleted_at', 'is', null), eb('webhooks.deleted_at', '>=', deletedSince)]),
        )
        .orderBy('webhooks.created_at', 'desc')
        .orderBy('webhooks.id', 'desc')
        .execute();
      return rows.map((row) => {
        const now = JSON.parse(row.config) as WebhookConfig;
        return {
          id: row.id,
          url: now.url,
          status: row.status,
          createdAt: row.created_at,
          deletedAt: row.deleted_at,
          ruleNow: ruleOf(now),
          ruleThen: row.earlier === null ? null : ruleOf(JSON.parse(row.earlier) as WebhookConfig),
        };
      });
    },
  };
}

function ruleOf({ product, reportType, productUniqueId, settings }: WebhookConfig): RoutingRule {
  return { product, reportType, productUniqueId, settings: { statuses: settings.statuses } };
}
