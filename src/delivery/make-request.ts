import { createHash } from 'node:crypto';
import type { QueuedDelivery } from '../core/delivery.ts';
import type { Signing } from '../rendering/envelope.ts';
import { renderBatch, renderRequest } from '../rendering/render.ts';
import type { RenderedRequest } from '../rendering/request.ts';
import type { Endpoint } from './endpoints.ts';
import type { SendError } from './send/send-result.ts';

/** Deliveries of one webhook that go in one request: several where it has `batch`. */
export type Deliveries = readonly [QueuedDelivery, ...QueuedDelivery[]];

/**
 * Renders a request from the events and the webhook as it is now, and signs it with the keys of the moment.
 *
 * Rendering is made never to throw; should it, the deliveries' history says so, and nothing else stands still.
 */
export function makeRequest(
  endpoint: Endpoint,
  deliveries: Deliveries,
  now: number,
): RenderedRequest | { readonly error: SendError } {
  try {
    const signing: Signing = {
      id: requestId(deliveries),
      timestampSeconds: Math.floor(now / 1000),
      keys: endpoint.keysAt(now),
    };
    if (deliveries.length === 1) return renderRequest(endpoint.compiled, deliveries[0].event, signing);
    const events = deliveries.map(({ event }) => event);
    return renderBatch(endpoint.compiled, events, signing);
  } catch (error) {
    return { error: { class: 'render', detail: `The request could not be made: ${String(error)}` } };
  }
}

/** The `webhook-id`: the delivery's, or for several one that is the same whenever the same ones go together. */
function requestId(deliveries: Deliveries): string {
  if (deliveries.length === 1) return deliveries[0].id;
  const ids = deliveries.map(({ id }) => id).join(' ');
  return `bat_${createHash('sha256').update(ids).digest('hex').slice(0, 24)}`;
}
