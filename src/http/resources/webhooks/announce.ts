import type { Webhook } from '../../../core/webhook.ts';
import { notFound } from '../../callers/tenancy.ts';
import type { Services } from '../../services.ts';

/**
 * Tells routing and delivery how a webhook is now, after a write. It is read again last, so that of writes at the same
 * time the latest is told last, and a deleted webhook is not told of after its end.
 *
 * @throws HookwireError `not_found` when it was deleted meanwhile
 */
export async function announce(
  { directory, clock, webhooks }: Pick<Services, 'directory' | 'clock' | 'webhooks'>,
  id: string,
): Promise<Webhook> {
  const secrets = await directory.getSecrets(id, clock.now());
  const webhook = await directory.getWebhook(id);
  if (!webhook) throw notFound('webhook', id);
  await webhooks.changed(webhook, secrets);
  return webhook;
}
