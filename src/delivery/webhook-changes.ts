import type { SigningSecret, Webhook } from '../core/webhook.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { Couriers } from './courier/couriers.ts';

/** Told of webhooks after the directory was written, so that routing and lanes follow. */
export interface WebhookChanges {
  created(webhook: Webhook, secrets: readonly SigningSecret[]): void;
  /** Resolves when nothing is sent as it was before; so do those for what is deleted. */
  changed(webhook: Webhook, secrets: readonly SigningSecret[]): Promise<void>;
  deleted(webhookId: string): Promise<void>;
  accountDeleted(accountId: string): Promise<void>;
  ofAccount(accountId: string): readonly Webhook[];
}

export function createWebhookChanges(
  registry: Pick<WebhookRegistry, 'ofAccount' | 'put' | 'remove'>,
  { heard }: Pick<Couriers, 'heard'>,
): WebhookChanges {
  return {
    ofAccount: (accountId) => registry.ofAccount(accountId).map(({ webhook }) => webhook),
    created: (webhook, secrets) => registry.put({ webhook, secrets }),
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
