import type { WebhookWithSecrets } from '../../core/webhook.ts';
import type { RegistryListener, WebhookRegistry } from '../../routing/registry.ts';

/** A courier's webhooks, as the main thread tells of them. */
export interface Mirror extends Pick<WebhookRegistry, 'get' | 'onChange'> {
  change(webhookId: string, now: WebhookWithSecrets | null): void;
}

export function createMirror(): Mirror {
  const webhooks = new Map<string, WebhookWithSecrets>();
  const listeners: RegistryListener[] = [];
  return {
    get: (webhookId) => webhooks.get(webhookId),
    onChange(listener) {
      listeners.push(listener);
    },
    change(webhookId, now) {
      if (now) webhooks.set(webhookId, now);
      else webhooks.delete(webhookId);
      for (const listener of listeners) listener(webhookId, now);
    },
  };
}
