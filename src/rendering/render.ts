import type { Event } from '../core/event.ts';
import type { CompiledWebhook } from './compile.ts';
import { type Signing, sealRequest } from './envelope.ts';
import type { RenderedRequest } from './request.ts';

/**
 * The exact request that tells a webhook's endpoint of an event. Pure: the same arguments give the same bytes, so what
 * was sent can be shown again. No event makes it throw. A webhook with `settings.batch` gets a list of one, so that its
 * endpoint has one shape to read.
 */
export function renderRequest(compiled: CompiledWebhook, event: Event, signing: Signing): RenderedRequest {
  const { format, list } = compiled;
  const object = compiled.writeObject(event);
  return sealRequest(compiled, list ? list([object]) : format.document(object), signing);
}

/**
 * The request that tells of several events at once, in their order: a JSON array, or a list of XML elements. Pure as
 * {@link renderRequest} is.
 *
 * @param events at least one, all of the webhook's product and report type
 * @throws TypeError for a webhook without `settings.batch`
 */
export function renderBatch(
  compiled: CompiledWebhook,
  events: readonly Event[],
  signing: Signing,
): RenderedRequest {
  const { list } = compiled;
  if (!list) throw new TypeError('Only a webhook with settings.batch gets several events in one request.');
  const objects = events.map((event) => compiled.writeObject(event));
  return sealRequest(compiled, list(objects), signing);
}
