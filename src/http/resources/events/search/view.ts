import { explainRouting } from '../../../../routing/explain.ts';
import type { RoutedWebhook } from '../../../../stores/ports/directory.ts';
import type { FoundEvent, StoredEvent } from '../../../../stores/ports/history.ts';
import { eventHeadView } from '../../../shapes/event.ts';
import { formatInstant } from '../../../shapes/instants.ts';
import type { ViewOf } from '../../../shapes/view-of.ts';
import type { foundEvent, routing } from './schema.ts';

/** An event in a list. */
export function foundEventView({ event, acceptedAt, deliveries }: FoundEvent): ViewOf<typeof foundEvent> {
  return { ...eventHeadView(event), acceptedAt: formatInstant(acceptedAt), deliveries };
}

/** What became of an event at each of these webhooks, those that matched first. */
export function routingView(
  { event, acceptedAt, deliveries }: StoredEvent,
  webhooks: readonly RoutedWebhook[],
): ViewOf<typeof routing> {
  const delivered = new Map(deliveries.map(({ webhookId, id }) => [webhookId, id]));
  const data = webhooks.map((webhook) => {
    const deliveryId = delivered.get(webhook.id) ?? null;
    const explained = explainRouting({ event, acceptedAt, webhook, delivered: deliveryId !== null });
    return { webhookId: webhook.id, url: webhook.url, delivered: deliveryId, ...explained };
  });
  return { data: data.sort((a, b) => Number(b.matched) - Number(a.matched)) };
}
