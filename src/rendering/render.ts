import type { Event } from '../core/event.ts';
import type { CompiledWebhook } from './compile.ts';
import { type Signing, sealRequest } from './envelope.ts';
import type { RenderedRequest } from './request.ts';

/**
 * The exact request that tells a webhook's endpoint of an event. Pure: the same arguments give the same bytes, so what
 * was sent can be shown again. No event makes it throw.
 */
export function renderRequest(compiled: CompiledWebhook, event: Event, signing: Signing): RenderedRequest {
  return sealRequest(compiled, compiled.format.document(compiled.writeObject(event)), signing);
}
