import type { Clock } from '../../core/clock.ts';
import type { QueuedDelivery } from '../../core/delivery.ts';
import type { DeliveryObserver, OpenBreaker } from '../../core/delivery-observer.ts';
import { usualBatchBytes, type WebhookSettings, type WebhookWithSecrets } from '../../core/webhook.ts';
import { type Endpoint, type OpenEndpoint, openEndpoint } from '../endpoints.ts';
import { fillList } from '../list-size.ts';
import type { RequestSender } from '../send/sender.ts';
import { Alarm } from './alarm.ts';
import { Backlog, earlier } from './backlog.ts';
import { Backoff } from './backoff.ts';
import { ConcurrencyLimit } from './concurrency.ts';
import { Health } from './health.ts';
import { ListLimits } from './list-limits.ts';
import { type LaneMemory, smallWindow } from './memory.ts';
import { Pace } from './pace.ts';
import { PaceNews } from './pace-news.ts';
import { Pause } from './pause.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { createRounds } from './rounds.ts';

/** What a lane needs of the dispatcher. */
export interface LaneContext {
  readonly sender: RequestSender;
  readonly clock: Clock;
  readonly random: () => number;
  /** How long nothing but failures makes a webhook dead. */
  readonly deadAfterMs: number;
  readonly memory: LaneMemory;
  readonly tell: Pick<Required<DeliveryObserver>, 'breakerChanged'>;
  /** It may have something to do, although nothing happened. */
  wake(lane: Lane): void;
}

/**
 * All that concerns one webhook's deliveries, apart from all others: what waits, its endpoint and how that is doing, how
 * much it may send and when, and what is under way.
 *
 * ```text
 * backlog ──▸ may send? (enabled, concurrency, pauses, breaker, batch, rate, pace) ──▸ take ──▸ request ──▸ answered
 *                  └─ no: the alarm rings when it may
 * ```
 */
export class Lane {
  readonly webhookId: string;
  readonly accountId: string;
  readonly backlog: Backlog;
  readonly health: Health;
  readonly concurrency: ConcurrencyLimit;
  readonly lists = new ListLimits();
  /** Learnt from answers that say "too many"; the webhook's own rate stays the upper bound. */
  readonly pace = new Pace();
  readonly paceNews = new PaceNews();
  /** The endpoint asked for it. */
  readonly rest = new Pause();
  /** The machine is short of something for it, and not for others: ports towards its endpoint's address, look-ups. */
  readonly kept = new Backoff(1_000, 30_000);
  /** Rings when it may have something to do although nothing happened. */
  readonly alarm: Alarm;
  /** Its webhook was deleted, or is another process's. */
  isClosed = false;
  readonly #memory: LaneMemory;
  readonly #endpoint: OpenEndpoint;
  #rate: RateLimit;
  #settings: WebhookSettings;
  enabled: boolean;
  /** Rises with every change: what is answered to a request of before says nothing of the endpoint as it is now. */
  era = 0;
  /** Requests that are not answered yet. */
  underWay = 0;
  /** Its deliveries that are sent or being sent, and not yet recorded. */
  inFlight = 0;
  readonly rounds = createRounds();

  /** @param known its breaker was open before a restart */
  constructor(registered: WebhookWithSecrets, context: LaneContext, known: OpenBreaker | null = null) {
    const { webhook } = registered;
    const { random, deadAfterMs, tell } = context;
    this.webhookId = webhook.id;
    this.accountId = webhook.accountId;
    this.backlog = new Backlog(webhook.accountId, context.memory);
    this.#memory = context.memory;
    this.health = new Health({
      ...{ random, deadAfterMs, knownFailingSince: webhook.failingSince, known },
      onChange: (open) => tell.breakerChanged(webhook.id, open && { webhookId: webhook.id, ...open }),
    });
    this.concurrency = new ConcurrencyLimit(webhook.settings.maxConcurrency);
    this.alarm = new Alarm(context.clock, () => context.wake(this));
    this.enabled = webhook.status === 'enabled';
    this.#endpoint = openEndpoint(context.sender, registered);
    this.#settings = webhook.settings;
    this.#rate = createRateLimit(webhook.settings.ratePerSecond);
  }

  /** The webhook as it is now. */
  get endpoint(): Endpoint {
    return this.#endpoint.current;
  }

  /** Host and port of its URL. */
  get host(): string {
    return this.endpoint.host;
  }

  /** Takes over a changed configuration; what the endpoint did before a change does not count against it. */
  configure(registered: WebhookWithSecrets): void {
    const { settings, status, version } = registered.webhook;
    const enabled = status === 'enabled';
    const isChanged = version !== this.endpoint.version;
    if (isChanged || enabled !== this.enabled) this.era++;
    if (enabled && (!this.enabled || isChanged)) {
      this.health.reset();
      this.rest.end();
      this.pace.reset();
      this.lists.reset();
    }
    this.enabled = enabled;
    this.concurrency.setMax(settings.maxConcurrency);
    if (settings.ratePerSecond !== this.#settings.ratePerSecond)
      this.#rate = createRateLimit(settings.ratePerSecond);
    this.#settings = settings;
    this.#endpoint.update(registered);
  }

  /** Lets go of what waits; requests under way end by themselves. */
  close(): void {
    this.isClosed = true;
    this.alarm.set(null);
    this.backlog.clear();
    this.#endpoint.close();
  }

  /** Whether it holds memory that it does not use, since it sends nothing for now. */
  get isIdleWithMuch(): boolean {
    const sends = this.enabled && this.health.breaker.state === 'closed';
    return !sends && this.backlog.holdsMuch;
  }

  /** Whether nothing is to be loaded for it, since memory is full and its endpoint may not answer. */
  findsMemoryFull(now: number): boolean {
    return this.#memory.isFullFor(this.accountId) && !this.health.isProved(now);
  }

  /** Gives back memory that it does not use: all but a little, or all where it sends nothing until somebody enables it. */
  giveMemoryBack(now: number): void {
    if (this.isIdleWithMuch) this.backlog.shrink(now);
    const isLarge = this.backlog.weight > smallWindow && !this.backlog.loadingPending;
    if (isLarge && !this.enabled && this.inFlight === 0) this.backlog.leaveAll(now);
  }

  /** @param window how much it may hold, in usual deliveries */
  wantsPending(window: number): boolean {
    return this.enabled && this.backlog.wantsPending(window);
  }

  wantsRetries(now: number): boolean {
    return this.enabled && this.backlog.wantsRetries(now);
  }

  /** Whether {@link Lane.take} would give something. */
  maySend(now: number): boolean {
    return (
      this.enabled &&
      this.backlog.inMemory > 0 &&
      this.underWay < this.concurrency.current &&
      now >= this.rest.endsAt(now) &&
      now >= this.kept.endsAt(now) &&
      this.health.breaker.mayStart(now) &&
      this.backlog.gatheredAt(this.#settings.batch, now) <= now &&
      this.#rate.readyAt(now) <= now &&
      this.pace.readyAt(now) <= now
    );
  }

  /**
   * The deliveries of the next request, which is under way from now on; none where it may not send.
   *
   * @param room how many deliveries the process may have under way besides
   */
  take(now: number, room = Number.POSITIVE_INFINITY): QueuedDelivery[] {
    if (!this.maySend(now) || !this.#rate.take(now) || !this.pace.take(now)) return [];
    this.underWay++;
    return this.backlog.take(now, {
      batch: this.#settings.batch,
      isWell: this.health.breaker.state === 'closed',
      room,
      fits: this.#fits(),
    });
  }

  /** When to look at this lane again although nothing happens; `null`: no need. */
  wakeAt(now: number): number | null {
    if (!this.enabled) return null;
    const retry = this.backlog.retriesAt;
    const breaker = this.health.breaker.readyAt(now);
    if (this.backlog.inMemory === 0 || this.underWay >= this.concurrency.current || breaker === null)
      return retry;
    return earlier(
      retry,
      Math.max(
        this.rest.endsAt(now),
        this.kept.endsAt(now),
        breaker,
        this.backlog.gatheredAt(this.#settings.batch, now),
        this.#rate.readyAt(now),
        this.pace.readyAt(now),
      ),
    );
  }

  /** Tells for one delivery after another whether it fits into the next list. */
  #fits(): (delivery: QueuedDelivery) => boolean {
    const { batch } = this.#settings;
    if (!batch) return () => true;
    try {
      return fillList(this.endpoint.compiled, this.lists.mostBytes(batch.maxBytes ?? usualBatchBytes));
    } catch {
      // What cannot be compiled cannot be measured; its attempt says why.
      return () => true;
    }
  }
}
