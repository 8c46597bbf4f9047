import { limitError } from '../../core/account-limits.ts';
import type { Webhook } from '../../core/webhook.ts';
import { notFound } from '../answers/not-found.ts';
import type { Services } from '../services.ts';
import type { AccountReach, FoundWebhook, RestorableWebhook, Things } from './reach.ts';
import { findable, type Whose } from './whose.ts';

/**
 * Tells routing and delivery how a webhook is now, after a write. It is read again last, so that of writes at the same
 * time the latest is told last, and a deleted webhook is not told of after its end.
 *
 * @throws HookwireError `not_found` when it was deleted meanwhile
 */
async function announce({ directory, clock, webhooks }: Services, id: string): Promise<Webhook> {
  const secrets = await directory.getSecrets(id, clock.now());
  const webhook = await directory.getWebhook(id);
  if (!webhook) throw notFound('webhook', id);
  await webhooks.changed(webhook, secrets);
  return webhook;
}

export function webhooksOf(services: Services, whose: Whose): Things['webhooks'] {
  const { directory, clock, delivery } = services;

  function found(webhook: Webhook): FoundWebhook {
    const { id } = webhook;
    return {
      webhook,
      get owner() {
        return whose.ownerOf(webhook.accountId);
      },
      replace: async (config, ifVersion) =>
        (await directory.replaceWebhook(id, config, clock.now(), ifVersion)) !== null,
      announce: () => announce(services, id),
      async setStatus(status, reason) {
        await directory.setWebhookStatus(id, status, reason, clock.now());
        return announce(services, id);
      },
      async delete() {
        if (!(await directory.deleteWebhook(id, clock.now()))) throw notFound('webhook', id);
        await services.webhooks.deleted(id);
      },
      secrets: () => directory.getSecrets(id, clock.now()),
      async rotateSecret(secret, overlapMs) {
        const now = clock.now();
        const secrets = await directory.rotateSecret(id, secret, now, now + overlapMs);
        await announce(services, id);
        return secrets;
      },
      version: (version) => directory.getWebhookVersion(id, version),
      figures: (range) => services.stats.ofWebhook(id, range),
      learntPace: () => services.learntPaces.of(webhook),
    };
  }

  function deleted(webhook: Webhook): RestorableWebhook {
    const { id, accountId } = webhook;
    return {
      webhook,
      get owner() {
        return whose.ownerOf(accountId);
      },
      async restore(deletedSince) {
        const most = services.limits.of(accountId).webhooks;
        const restored = await directory.restoreWebhook(id, deletedSince, clock.now(), most);
        if (restored === 'full') throw limitError('webhooks', most ?? 0);
        return restored !== null;
      },
      async announce() {
        // What the deletion has not ended yet is ended before it could be sent, and what is sent again is not under way.
        await delivery.skipDeleted(id);
        const restored = await announce(services, id);
        await delivery.gone(id);
        return restored;
      },
    };
  }

  return {
    ...findable('webhook', async (id) => {
      const webhook = await directory.getWebhook(id);
      return webhook && whose.includes(webhook.accountId) ? found(webhook) : null;
    }),
    list: (filter, page) => directory.listWebhooks({ ...filter, accountId: whose.accountId }, page),
    async getDeleted(id) {
      const deletion = await directory.getDeletedWebhook(id);
      return deletion && whose.includes(deletion.webhook.accountId) ? deleted(deletion.webhook) : null;
    },
  };
}

export function accountWebhooks(
  services: Services,
  whose: Whose & { readonly accountId: string },
): AccountReach['webhooks'] {
  const { accountId } = whose;
  return {
    ...webhooksOf(services, whose),
    async create(made, secret, kept) {
      const webhook = { ...made, accountId };
      const most = services.limits.of(accountId).webhooks;
      if (!(await services.directory.createWebhook(webhook, secret, most, kept)))
        throw limitError('webhooks', most ?? 0);
      await services.webhooks.created(webhook, [secret]);
    },
    registered: () => services.webhooks.ofAccount(accountId),
  };
}
