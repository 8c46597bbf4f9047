import type { Clock } from '../core/clock.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { Webhook } from '../core/webhook.ts';
import type { WebhookRegistry } from '../routing/registry.ts';

/** How many requests a second an endpoint takes, as its answers have taught. */
export interface LearntPace {
  readonly perSecond: number;
  /** When it was learnt, or last changed noticeably; ms since the Unix epoch. */
  readonly at: number;
}

/** Keeps what lanes have learnt since the start, for people: lanes may be in other threads. */
export interface LearntPaces extends Pick<Required<DeliveryObserver>, 'paceLearnt'> {
  /** `null`: nothing was learnt of this version of it. */
  of(webhook: Pick<Webhook, 'id' | 'version'>): LearntPace | null;
}

export interface LearntPacesOptions {
  readonly registry: Pick<WebhookRegistry, 'get' | 'onChange'>;
  readonly clock: Pick<Clock, 'now'>;
}

export function createLearntPaces({ registry, clock }: LearntPacesOptions): LearntPaces {
  const paces = new Map<string, LearntPace & { readonly version: number }>();
  registry.onChange((webhookId, registered) => {
    // A lane begins anew with every change.
    if (registered?.webhook.version !== paces.get(webhookId)?.version) paces.delete(webhookId);
  });

  return {
    paceLearnt(webhookId, perSecond) {
      const version = registry.get(webhookId)?.webhook.version;
      if (perSecond === null || version === undefined) paces.delete(webhookId);
      else paces.set(webhookId, { perSecond, at: clock.now(), version });
    },
    of({ id, version }) {
      const pace = paces.get(id);
      return pace?.version === version ? { perSecond: pace.perSecond, at: pace.at } : null;
    },
  };
}
