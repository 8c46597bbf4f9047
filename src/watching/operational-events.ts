import { createLine } from '../core/backlogs.ts';
import type { Clock } from '../core/clock.ts';
import type { JsonObject } from '../core/event.ts';
import { operatorAccountId } from '../core/operator-account.ts';
import { type OperationalType, operationalReport } from '../core/products/hookwire.ts';
import type { WebhookConfig } from '../core/webhook.ts';
import { createWriteBehind } from '../core/write-behind.ts';
import type { Intake } from '../intake/accept.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { IncomingEvent } from '../stores/ports/delivery-log.ts';
import { maskUrl } from '../telemetry/mask.ts';

/** Something that the owner of a webhook, or the operator, may want to hear of. */
export interface Occurrence {
  readonly type: OperationalType;
  /** When it happened, ms. */
  readonly at: number;
  /** The same for the same occurrence, however often it is raised: it is told of once. */
  readonly key: string;
  /** The webhook that it is about. */
  readonly webhook: Pick<WebhookConfig, 'product' | 'reportType' | 'url'> & {
    readonly id: string;
    readonly accountId: string;
  };
  /** The delivery, where it is about one. */
  readonly deliveryId?: string;
  /** What else there is to say; instants as ISO text. */
  readonly data: JsonObject;
}

/** Tells accounts and the operator what happens to webhooks, by events like all others. */
export interface OperationalEvents {
  /** Whether anybody wants to hear of this: cheap, for what happens often. */
  wanted(accountId: string, type: OperationalType): boolean;
  /** Resolves when the events are on disk, at once where nobody wants them; to `false` when one is lost. Never rejects. */
  raise(occurrence: Occurrence): Promise<boolean>;
  /** Hands in what waits, once; what the store does not take then is lost, and the log says so. */
  close(): Promise<void>;
}

export interface OperationalEventsOptions {
  readonly intake: Pick<Intake, 'acceptOwn'>;
  readonly registry: Pick<WebhookRegistry, 'route'>;
  readonly clock: Clock;
  readonly log: { warn(details: object, message: string): void };
}

interface Raised {
  readonly event: IncomingEvent;
  readonly done: (stored: boolean) => void;
}

/** Events that wait for the intake at most; what comes beyond is not told of. */
const mostWaiting = 10_000;
const mostAtOnce = 500;
const tryAgainMs = 1_000;

/**
 * ```text
 * raise ──▸ anybody there? ──▸ waiting (memory) ──▸ intake ──▸ log, lanes … as every event
 *                                   ▲                 │ overloaded: after a second
 *                                   └─────────────────┘
 * ```
 * Nothing is raised about the webhooks that get these events, or one that fails would feed itself.
 */
export function createOperationalEvents(options: OperationalEventsOptions): OperationalEvents {
  const { intake, registry, clock, log } = options;
  const waiting = createLine<Raised>(mostWaiting);
  const sending = createWriteBehind({
    ...{ backlog: waiting, clock, afterMs: 0, againMs: tryAgainMs, mostAtOnce },
    async write(batch) {
      await intake.acceptOwn(batch.map(({ event }) => event));
      for (const { done } of batch) done(true);
      tellOfLost();
    },
    onFailure(error) {
      if (!closed) log.warn({ err: error, waiting: waiting.size }, 'Operational events wait for the store.');
    },
  });
  let closed = false;
  let lost = 0;

  function hasListener(accountId: string, type: OperationalType): boolean {
    return registry.route({ ...route, accountId, status: type }).webhookIds.length > 0;
  }

  function enqueue(event: IncomingEvent): Promise<boolean> {
    const { promise, resolve: done } = Promise.withResolvers<boolean>();
    if (!closed && waiting.add({ event, done })) sending.soon();
    else {
      lost++;
      done(false);
    }
    return promise;
  }

  function tellOfLost(): void {
    if (lost === 0) return;
    log.warn({ events: lost }, 'Operational events were lost.');
    lost = 0;
  }

  return {
    wanted: (accountId, type) => hasListener(accountId, type) || hasListener(operatorAccountId, type),
    async raise(occurrence) {
      const { webhook, type } = occurrence;
      if (webhook.product === 'hookwire') return true;
      const accounts = new Set([webhook.accountId, operatorAccountId]);
      const events: IncomingEvent[] = [];
      for (const accountId of accounts)
        if (hasListener(accountId, type)) events.push(incoming(accountId, occurrence));
      return (await Promise.all(events.map(enqueue))).every((stored) => stored);
    },
    async close() {
      closed = true;
      await sending.close();
      lost += waiting.size;
      for (const { done } of waiting.take(waiting.size)) done(false);
      tellOfLost();
    },
  };
}

const route = { product: 'hookwire', reportType: 'operations', productUniqueId: null } as const;

function incoming(
  accountId: string,
  { type, at, key, webhook, deliveryId, data }: Occurrence,
): IncomingEvent {
  const { id: webhookId, url, product, reportType } = webhook;
  const subject = { accountId: webhook.accountId, webhookId, url: maskUrl(url), product, reportType };
  const report = operationalReport(type, at, deliveryId ?? webhookId, { ...subject, ...data });
  return { event: { ...report, accountId }, ownId: `op_${type}_${key}` };
}
