import type { MessagePort } from 'node:worker_threads';
import { courierOf } from '../../core/courier-of.ts';
import { type DeliveryObserver, type OpenBreaker, tellAll } from '../../core/delivery-observer.ts';
import type { TakenShard } from '../../core/owned-shards.ts';
import type { ProxyNews } from '../../core/proxy-news.ts';
import type { Shortage } from '../../core/shortage.ts';
import { type ArgumentsOf, type Connection, connect } from '../../core/threads/connection.ts';
import type { WebhookRegistry } from '../../routing/registry.ts';
import type { DeliveryLog } from '../../stores/ports/delivery-log.ts';
import type { Dispatcher, DispatcherStatus } from '../dispatcher.ts';
import { unpackAttempts } from './attempt-bundle.ts';
import type { Board } from './board.ts';
import { type ReadEvent, unpackDelivery } from './packed-delivery.ts';
import type { CourierCalls, CourierNews } from './protocol.ts';

export interface CouriersOptions {
  /** The main thread's ends of the couriers' ports. */
  readonly ports: readonly MessagePort[];
  readonly board: Board;
  readonly registry: Pick<WebhookRegistry, 'all' | 'onChange'>;
  /** Whether a webhook of which couriers were not told was deleted: it may have been made elsewhere a moment ago. */
  readonly isDeleted: (webhookId: string) => Promise<boolean>;
  /** Breakers that are open, as the store has them, of webhooks of these shards. */
  readonly openBreakersOf: (shards: readonly number[]) => Promise<readonly OpenBreaker[]>;
  readonly onDisable: (webhookId: string, reason: string) => Promise<unknown>;
  readonly onShortage: (of: Shortage) => void;
  readonly onHostRefused: (host: string, reason: string) => void;
  readonly onProxyNews: (news: ProxyNews) => void;
  readonly readEvent: ReadEvent;
  readonly maxInFlight: number;
  /** Deliveries that the store has told couriers of. */
  readonly handedOver: () => number;
}

export interface CouriersStatus extends DispatcherStatus {
  /** Deliveries that are on disk and that their couriers have not seen yet. */
  readonly onTheWay: number;
}

/** All couriers as one dispatcher, with the changes of the log that belong to one of them. */
export interface Couriers
  extends Omit<Dispatcher, 'start' | 'knowBreakers' | 'letGo' | 'quiet' | 'goOn'>,
    Pick<DeliveryLog, 'requeueMany' | 'skipWaiting'> {
  /** These hear of what becomes of deliveries, in this order; to be called before {@link Couriers.start}. */
  observe(...observers: readonly DeliveryObserver[]): void;
  /** Has every courier ask the store what waits; resolves when all have asked. */
  start(): Promise<void>;
  /** Resolves when every courier knows what waits, and has taken it up. */
  takenUp(): Promise<void>;
  /** Shards came to this process; resolves when what waits for their webhooks is taken up. */
  takeShards(shards: readonly TakenShard[]): Promise<void>;
  /** Begins nothing more of their webhooks; for each, in this order, what resolves when nothing of it is under way. */
  letGoOfShards(shards: readonly number[]): readonly Promise<void>[];
  /** They are other processes' already: what is under way is not recorded. */
  loseShards(shards: readonly number[]): void;
  /** Something may wait of which nobody has told; resolves when the store has been asked. */
  lookAgain(): Promise<void>;
  /** Couriers may send until so many ms from then on (`monotonicMs`); without a word: for ever. */
  maySend(since: number, forMs: number): void;
  status(): CouriersStatus;
  /** As {@link CouriersStatus.onTheWay}; cheap. */
  onTheWay(): number;
  /** Resolves when what the registry told of this webhook (without: of all) has had its effect. */
  heard(webhookId?: string): Promise<void>;
  /** A courier died: nothing that was asked is answered any more. */
  fail(error: Error): void;
  /** Resolves when all couriers have let go of everything. */
  close(): Promise<void>;
}

export function createCouriers(options: CouriersOptions): Couriers {
  const { ports, board, registry, readEvent, maxInFlight } = options;
  const observers: DeliveryObserver[] = [];
  const tell = tellAll(observers);
  const connections = ports.map((port) =>
    connect<CourierNews, CourierCalls>(port, {
      ...tell,
      attempted: (attempts) => unpackAttempts(attempts, readEvent, tell.attempted),
      concluded: (conclusion, delivery) => tell.concluded(conclusion, unpackDelivery(delivery, readEvent)),
      isDeleted: options.isDeleted,
      openBreakers: options.openBreakersOf,
      async disable(webhookId, reason) {
        await options.onDisable(webhookId, reason);
      },
      shortage(of) {
        options.onShortage(of);
        // These are the process's or the machine's, so the others are about to meet the same.
        if (of === 'files' || of === 'memory') slowDown();
      },
      proxyNews: options.onProxyNews,
      hostRefused: options.onHostRefused,
    }),
  );

  function ownerOf(webhookId: string): Connection<CourierCalls> {
    return connections[courierOf(webhookId, ports.length)] as Connection<CourierCalls>;
  }

  async function askAll<Q extends keyof CourierCalls>(
    question: Q,
    ...args: ArgumentsOf<CourierCalls[Q]>
  ): Promise<void> {
    await Promise.all(connections.map((courier) => courier.ask(question, ...args)));
  }

  function onTheWay(): number {
    return Math.max(0, (options.handedOver() - board.sum('taken')) | 0);
  }

  function slowDown(): void {
    for (const courier of connections) courier.tell('slowDown');
  }

  function fail(error: Error): void {
    for (const courier of connections) courier.fail(error);
  }

  for (const registered of registry.all()) {
    const { id } = registered.webhook;
    ownerOf(id).tell('webhook', id, registered);
  }
  registry.onChange((webhookId, now) => ownerOf(webhookId).tell('webhook', webhookId, now));

  return {
    observe: (...more) => void observers.push(...more),
    start: () => askAll('start'),
    takenUp: () => askAll('takenUp'),
    takeShards: (shards) => askAll('takeShards', shards),
    letGoOfShards(shards) {
      for (const courier of connections) courier.tell('letGoOfShards', shards);
      return shards.map((shard) => askAll('shardIsQuiet', shard));
    },
    loseShards(shards) {
      for (const courier of connections) courier.tell('loseShards', shards);
    },
    lookAgain: () => askAll('lookAgain'),
    maySend(since, forMs) {
      if (!board.isLate()) {
        board.maySend(since, forMs);
        return;
      }
      // They see it at once: they are to know of all that they have lost before.
      askAll('heard').then(
        () => {
          board.maySend(since, forMs);
          for (const courier of connections) courier.tell('goOn');
        },
        () => {},
      );
    },
    async replay({ id, webhookId }) {
      await ownerOf(webhookId).ask('replay', { id, webhookId });
      tell.requeued(webhookId);
    },
    clockSetBack: () => askAll('clockSetBack'),
    wake: (webhookId) => ownerOf(webhookId).tell('wake', webhookId),
    gone: (webhookId) => ownerOf(webhookId).ask('gone', webhookId),
    slowDown,
    async requeueMany(request) {
      const requeued = await ownerOf(request.webhookId).ask('requeueMany', request);
      tell.requeued(request.webhookId);
      return requeued;
    },
    skipWaiting: (webhookId, ...how) => ownerOf(webhookId).ask('skipWaiting', webhookId, ...how),
    drop: (webhookId, ...what) => ownerOf(webhookId).ask('drop', webhookId, ...what),
    expire: (webhookId, deliveryIds) => ownerOf(webhookId).ask('expire', webhookId, deliveryIds),
    async stop(withinMs) {
      // One that died has nothing under way any more.
      await askAll('stop', withinMs).catch(() => {});
    },
    inFlight: () => board.sum('inFlight'),
    onTheWay,
    status() {
      // Before what couriers say of it is heard.
      const unseen = onTheWay();
      const inFlight = board.sum('inFlight');
      for (const courier of connections) courier.catchUp();
      return {
        onTheWay: unseen,
        inFlight,
        mostInFlight: Math.min(maxInFlight, board.sum('mostInFlight')),
        lanes: board.sum('lanes'),
        inMemory: board.sum('inMemory'),
        openBreakers: board.sum('openBreakers'),
        disabledLanes: board.sum('disabledLanes'),
      };
    },
    async heard(webhookId) {
      const some = webhookId === undefined ? connections : [ownerOf(webhookId)];
      await Promise.allSettled(some.map((courier) => courier.ask('heard')));
    },
    fail,
    async close() {
      await askAll('close').catch(() => {});
      fail(new Error('The couriers are closed.'));
      for (const port of ports) port.close();
    },
  };
}
