import type { AttemptRecord, QueuedDelivery } from '../../core/delivery.ts';
import type { OpenBreaker } from '../../core/delivery-observer.ts';
import type { Webhook, WebhookSettings } from '../../core/webhook.ts';
import { createWebhookRegistry } from '../../routing/registry.ts';
import { testSettings, testWebhook } from '../../testing/factories.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createDispatcher, type DispatcherOptions } from '../dispatcher.ts';
import { testDelivery } from './deliveries.ts';
import { createFakeSender, type FakeRequest } from './fake-sender.ts';
import { createPlayedLog } from './played-log.ts';

interface StageOptions
  extends Partial<Pick<DispatcherOptions, 'maxInFlight' | 'mostInMemory' | 'onDisable' | 'openBreakers'>> {
  /** Webhooks that there are before the dispatcher is. */
  readonly webhooks?: readonly string[];
}

const quietTurns = 3;

/** A dispatcher whose store, endpoints and clock the test plays. Jitter is none: retries are due after 5 s, 30 s … */
export function openStage(options: StageOptions = {}) {
  const { webhooks = [], ...dispatching } = options;
  const clock = createManualClock();
  const log = createPlayedLog(clock);
  const sender = createFakeSender(clock);
  const registry = createWebhookRegistry();
  const attempts: AttemptRecord[] = [];
  const disabled: string[] = [];
  const skipped: string[] = [];
  /** What ended without an attempt, as observers heard of it. */
  const concluded: string[] = [];
  /** As observers heard of them last; `null` where one closed. */
  const breakers = new Map<string, OpenBreaker | null>();
  /** What observers heard of paces, in order. */
  const learntPaces: (number | null)[] = [];
  let last = 0;

  function put(name: string, settings: Partial<WebhookSettings>, parts: Partial<Webhook>): Webhook {
    const webhook = testWebhook({
      id: name,
      url: `https://${name}/dlr`,
      settings: { ...testSettings, ...settings },
      ...parts,
    });
    registry.put({ webhook, secrets: [{ secret: 'whsec_c2VjcmV0', expiresAt: null }] });
    return webhook;
  }
  for (const name of webhooks) put(name, {}, {});

  const dispatcher = createDispatcher({
    deliveryLog: log,
    registry,
    sender,
    clock,
    random: () => 0.5,
    maxInFlight: 1_000,
    onDisable: (webhookId, reason) => void disabled.push(`${webhookId} ${reason}`),
    observers: [
      {
        attempted: (record) => void attempts.push(record),
        skipped: (webhookId, reason, deliveries) => void skipped.push(`${webhookId} ${reason} ${deliveries}`),
        concluded: ({ deliveryId, after }) => void concluded.push(`${deliveryId} ${after.reason}`),
        breakerChanged: (webhookId, open) => void breakers.set(webhookId, open),
        paceLearnt: (_webhookId, perSecond) => void learntPaces.push(perSecond),
      },
    ],
    ...dispatching,
  });

  /** Lets the store answer everything, and everybody who hears of it go on. */
  async function settle(): Promise<void> {
    // What was answered goes to the store a turn later, all of one turn together.
    for (let quiet = 0; quiet < quietTurns; ) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = log.answer() ? 0 : quiet + 1;
    }
  }

  return {
    clock,
    log,
    sender,
    registry,
    dispatcher,
    attempts,
    disabled,
    skipped,
    concluded,
    breakers,
    learntPaces,
    settle,
    /** Adds a webhook, or changes the one of that name; its endpoint is `https://<name>`. */
    webhook: (name: string, settings: Partial<WebhookSettings> = {}, parts: Partial<Webhook> = {}) =>
      put(name, settings, parts),
    /** New deliveries for a webhook, in the store and told of. */
    async accept(name: string, count: number): Promise<QueuedDelivery[]> {
      const deliveries = Array.from({ length: count }, () =>
        testDelivery(last++, { webhookId: name, acceptedAt: clock.now() }),
      );
      const ids = log.accept(
        name,
        deliveries.map(({ event }) => event),
      );
      await settle();
      return deliveries.map((delivery, i) => ({ ...delivery, id: ids[i] ?? '' }));
    },
    async acceptOne(name: string): Promise<QueuedDelivery> {
      const [delivery] = await this.accept(name, 1);
      if (!delivery) throw new Error('Nothing was accepted.');
      return delivery;
    },
    underWay(name: string): FakeRequest[] {
      return [...sender.underWay].filter(({ origin }) => origin === `https://${name}`);
    },
    /** Answers everything that is under way to an endpoint, once. */
    async answer(name: string, status: number | 'timeout', retryAfter?: string): Promise<void> {
      for (const request of this.underWay(name)) request.answer(status, retryAfter);
      await settle();
    },
    /** The ids that were sent to an endpoint, in order. */
    sentTo: (name: string): string[] =>
      sender.sent.filter(({ origin }) => origin === `https://${name}`).map(({ id }) => id),
    async pass(ms: number): Promise<void> {
      clock.advance(ms);
      await settle();
    },
  };
}
