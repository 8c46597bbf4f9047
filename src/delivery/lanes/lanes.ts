import type { OpenBreaker } from '../../core/delivery-observer.ts';
import type { WebhookRegistry } from '../../routing/registry.ts';
import { Lane, type LaneContext } from './lane.ts';

/** The lanes of all webhooks that something came for. */
export interface Lanes extends Iterable<Lane> {
  /** Opens one where there is none; `undefined` for a webhook that was deleted meanwhile, or is not this process's. */
  of(webhookId: string): Lane | undefined;
  /** `undefined` where nothing came yet. */
  known(webhookId: string): Lane | undefined;
  /** It still belongs to a webhook. */
  isCurrent(lane: Lane): boolean;
  /** What was known of a webhook before a restart says nothing any more. */
  forget(webhookId: string): void;
  /** Breakers of webhooks that came to this process, which were open elsewhere. */
  knowBreakers(open: readonly OpenBreaker[]): void;
  /** Its webhook was deleted, or is not this process's any more. What is under way ends by itself. */
  remove(webhookId: string): void;
}

export interface LanesContext extends LaneContext {
  readonly registry: Pick<WebhookRegistry, 'get'>;
  readonly owns?: (webhookId: string) => boolean;
  /** There may be deliveries of it that were not told of. */
  readonly isLeft?: (webhookId: string) => boolean;
  /** Breakers that were open before a restart. */
  readonly openBreakers?: readonly OpenBreaker[];
}

export function createLanes({
  registry,
  owns = () => true,
  isLeft = () => false,
  openBreakers = [],
  ...context
}: LanesContext): Lanes {
  const lanes = new Map<string, Lane>();
  const before = new Map(openBreakers.map((open) => [open.webhookId, open]));

  return {
    of(webhookId) {
      const known = lanes.get(webhookId);
      if (known) return known;
      const registered = registry.get(webhookId);
      if (!registered || !owns(webhookId)) return undefined;
      const lane = new Lane(registered, context, before.get(webhookId));
      before.delete(webhookId);
      lane.backlog.spilled = isLeft(webhookId);
      lanes.set(webhookId, lane);
      return lane;
    },
    known: (webhookId) => lanes.get(webhookId),
    isCurrent: (lane) => !lane.isClosed,
    knowBreakers(open) {
      for (const each of open) before.set(each.webhookId, each);
    },
    forget: (webhookId) => void before.delete(webhookId),
    remove(webhookId) {
      lanes.get(webhookId)?.close();
      lanes.delete(webhookId);
    },
    [Symbol.iterator]: () => lanes.values(),
  };
}
