import type { Task } from '../../../api/tasks.ts';
import type { Webhook } from '../../../api/webhooks.ts';

/** Tasks that send a webhook's deliveries again, newest first. */
export function tasksOf(tasks: readonly Task[], webhookId: string): readonly Task[] {
  return tasks.filter(({ filter }) => filter.webhookId === webhookId);
}

/** Why a task that is under way does not get on; `null` where nothing holds it up. */
export function standsStill(webhook: Pick<Webhook, 'status' | 'failingSince'>): string | null {
  if (webhook.status === 'disabled') return 'It waits until the webhook is enabled.';
  return webhook.failingSince === null ? null : 'It waits until the endpoint answers again.';
}
