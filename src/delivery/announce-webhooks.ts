import type { SigningSecret, Webhook } from '../core/webhook.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { Couriers } from './courier/couriers.ts';

/** Makes known what the directory has written of webhooks: to routing, and by it to the couriers, whose lanes follow. */
export interface WebhookAnnouncements {
  /** Resolves when it gets what comes in, wherever that does. */
  created(webhook: Webhook, secrets: readonly SigningSecret[]): Promise<void>;
  /** Resolves when nothing is sent as it was before; so do those for what is deleted. */
  changed(webhook: Webhook, secrets: readonly SigningSecret[]): Promise<void>;
  deleted(webhookId: string): Promise<void>;
  accountDeleted(accountId: string): Promise<void>;
  ofAccount(accountId: string): readonly Webhook[];
}

export function createWebhookAnnouncements(
  registry: Pick<WebhookRegistry, 'ofAccount' | 'put' | 'remove'>,
  { heard }: Pick<Couriers, 'heard'>,
): WebhookAnnouncements {
  return {
    ofAccount: (accountId) => registry.ofAccount(accountId).map(({ webhook }) => webhook),
    async created(webhook, secrets) {
      registry.put({ webhook, secrets });
      await heard(webhook.id);
    },
    async changed(webhook, secrets) {
      registry.put({ webhook, secrets });
      await heard(webhook.id);
    },
    async deleted(webhookId) {
      registry.remove(webhookId);
      await heard(webhookId);
    },
    async accountDeleted(accountId) {
      for (const { webhook } of registry.ofAccount(accountId)) registry.remove(webhook.id);
      await heard();
    },
  };
}
