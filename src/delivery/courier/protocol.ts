import type { Conclusion } from '../../core/delivery.ts';
import type { DeliveryObserver, OpenBreaker } from '../../core/delivery-observer.ts';
import type { TakenShard } from '../../core/owned-shards.ts';
import type { ProxyNews } from '../../core/proxy-news.ts';
import type { Shortage } from '../../core/shortage.ts';
import type { WebhookWithSecrets } from '../../core/webhook.ts';
import type { RequeuedDelivery, RequeueRequest } from '../../stores/ports/delivery-log.ts';
import type { ReplayRequest } from '../replay.ts';
import type { AttemptBundle } from './attempt-bundle.ts';
import type { PackedDelivery } from './packed-delivery.ts';

/** What the main thread asks of a courier, and tells it, in its order. */
export interface CourierCalls {
  /** Takes up what waits in the store; answered when the store has been asked. */
  start(): void;
  /** Answered when it knows what waits. */
  takenUp(): void;
  /** Shards came to this process: asks the store what waits for their webhooks. */
  takeShards(shards: readonly TakenShard[]): void;
  /** Begins nothing more of their webhooks. */
  letGoOfShards(shards: readonly number[]): void;
  /** Answered when nothing is under way of one that it has let go of. */
  shardIsQuiet(shard: number): void;
  /** They are other processes' already: what is under way does not count. */
  loseShards(shards: readonly number[]): void;
  /** Something may wait of which it was not told. */
  lookAgain(): void;
  /** It was late and is not any more. */
  goOn(): void;
  /** What a webhook is now, `null`: gone. */
  webhook(webhookId: string, now: WebhookWithSecrets | null): void;
  /** Answered when everything that it was told before has had its effect. */
  heard(): void;
  wake(webhookId: string): void;
  replay(delivery: ReplayRequest): void;
  clockSetBack(): void;
  gone(webhookId: string): void;
  slowDown(): void;
  requeueMany(request: RequeueRequest): readonly RequeuedDelivery[];
  skipWaiting(webhookId: string, reason: string, now: number): number;
  /** Answered when none of them is under way. */
  drop(webhookId: string, deliveryIds: readonly string[], reason: string): void;
  expire(webhookId: string, deliveryIds: readonly string[]): void;
  /** Sends nothing more. */
  stop(withinMs: number): void;
  /** Records what it has, and lets go of everything. */
  close(): void;
}

/** What a courier tells the main thread, in the order in which it happened, and asks of it. */
export interface CourierNews
  extends Pick<Required<DeliveryObserver>, 'skipped' | 'healthChanged' | 'breakerChanged' | 'paceLearnt'> {
  attempted(attempts: AttemptBundle): void;
  concluded(conclusion: Conclusion, delivery: PackedDelivery): void;
  /** Of a webhook that it was not told of. */
  isDeleted(webhookId: string): boolean;
  /** Of webhooks of these shards, that were another process's. */
  openBreakers(shards: readonly number[]): readonly OpenBreaker[];
  /** Answered when the webhook is disabled. */
  disable(webhookId: string, reason: string): void;
  shortage(of: Shortage): void;
  proxyNews(news: ProxyNews): void;
  hostRefused(host: string, reason: string): void;
}
