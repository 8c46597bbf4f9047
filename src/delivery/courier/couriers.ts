import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { courierOf } from '../../core/courier-of.ts';
import { type DeliveryObserver, tellAll } from '../../core/delivery-observer.ts';
import type { ProxyNews } from '../../core/proxy-news.ts';
import type { Shortage } from '../../core/shortage.ts';
import type { WebhookRegistry } from '../../routing/registry.ts';
import type { DeliveryLog } from '../../stores/ports/delivery-log.ts';
import type { Dispatcher, DispatcherStatus } from '../dispatcher.ts';
import { unpackAttempts } from './attempt-bundle.ts';
import type { Board } from './board.ts';
import { type ReadEvent, unpackDelivery } from './packed-delivery.ts';
import type { CourierQuestion, CourierQuestions, FromCourier, ToCourier, ToldError } from './protocol.ts';

export interface CouriersOptions {
  /** The main thread's ends of the couriers' ports. */
  readonly ports: readonly MessagePort[];
  readonly board: Board;
  readonly registry: Pick<WebhookRegistry, 'all' | 'onChange'>;
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
export interface Couriers extends Dispatcher, Pick<DeliveryLog, 'requeueMany' | 'skipWaiting'> {
  /** These hear of what becomes of deliveries, in this order; to be called before {@link Couriers.begin}. */
  observe(...observers: readonly DeliveryObserver[]): void;
  /** Has every courier ask the store what waits; {@link Dispatcher.start} resolves when they know. */
  begin(): Promise<void>;
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

/** The store could not do what a courier asked of it. */
export class CourierError extends Error {
  readonly code: string | null;
  constructor({ message, code }: ToldError) {
    super(message);
    this.name = 'CourierError';
    this.code = code;
  }
}

export function createCouriers(options: CouriersOptions): Couriers {
  const { ports, board, registry, readEvent, maxInFlight } = options;
  const observers: DeliveryObserver[] = [];
  const tell = tellAll(observers);
  const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let failure: Error | null = null;

  function post(courier: number, message: ToCourier): void {
    ports[courier]?.postMessage(message);
  }

  const ownerOf = (webhookId: string): number => courierOf(webhookId, ports.length);

  function ask<Q extends CourierQuestion>(
    courier: number,
    question: Q,
    argument: CourierQuestions[Q]['argument'],
  ): Promise<CourierQuestions[Q]['answer']> {
    if (failure) return Promise.reject(failure);
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      asked.set(id, { resolve: resolve as (value: unknown) => void, reject });
      post(courier, { kind: 'ask', id, question, argument });
    });
  }

  async function askAll<Q extends CourierQuestion>(
    question: Q,
    argument: CourierQuestions[Q]['argument'],
  ): Promise<void> {
    await Promise.all(ports.map((_, courier) => ask(courier, question, argument)));
  }

  function tellEach(message: ToCourier): void {
    for (const courier of ports.keys()) post(courier, message);
  }

  async function disable(courier: number, id: number, webhookId: string, reason: string): Promise<void> {
    let done = true;
    try {
      await options.onDisable(webhookId, reason);
    } catch {
      done = false;
    }
    post(courier, { kind: 'disabled', id, done });
  }

  function hear(courier: number, message: FromCourier): void {
    switch (message.kind) {
      case 'attempted':
        unpackAttempts(message.attempts, readEvent, tell.attempted);
        break;
      case 'concluded':
        tell.concluded(message.conclusion, unpackDelivery(message.delivery, readEvent));
        break;
      case 'skipped':
        tell.skipped(message.webhookId, message.reason, message.deliveries);
        break;
      case 'healthChanged':
        tell.healthChanged(message.webhookId, message.change);
        break;
      case 'breakerChanged':
        tell.breakerChanged(message.webhookId, message.open);
        break;
      case 'paceLearnt':
        tell.paceLearnt(message.webhookId, message.perSecond);
        break;
      case 'disable':
        void disable(courier, message.id, message.webhookId, message.reason);
        break;
      case 'shortage':
        options.onShortage(message.of);
        // These are the process's or the machine's, so the others are about to meet the same.
        if (message.of === 'files' || message.of === 'memory') slowDown();
        break;
      case 'proxyNews':
        options.onProxyNews(message.news);
        break;
      case 'hostRefused':
        options.onHostRefused(message.host, message.reason);
        break;
      case 'answer':
        takeAsked(message.id)?.resolve(message.value);
        break;
      case 'failure':
        takeAsked(message.id)?.reject(new CourierError(message.error));
    }
  }

  function fail(error: Error): void {
    failure = error;
    for (const { reject } of asked.values()) reject(error);
    asked.clear();
  }

  function takeAsked(id: number) {
    const waiting = asked.get(id);
    asked.delete(id);
    return waiting;
  }

  function onTheWay(): number {
    return Math.max(0, (options.handedOver() - board.sum('taken')) | 0);
  }

  /** Hears of everything that was said until now. */
  function catchUp(): void {
    for (const [courier, port] of ports.entries()) {
      for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
        hear(courier, next.message as FromCourier);
      }
    }
  }

  const slowDown = (): void => tellEach({ kind: 'slowDown' });

  for (const [courier, port] of ports.entries()) {
    port.on('message', (message: FromCourier) => hear(courier, message));
  }
  for (const registered of registry.all()) {
    const { id } = registered.webhook;
    post(ownerOf(id), { kind: 'webhook', webhookId: id, now: registered });
  }
  registry.onChange((webhookId, now) => post(ownerOf(webhookId), { kind: 'webhook', webhookId, now }));

  return {
    observe: (...more) => void observers.push(...more),
    begin: () => askAll('start', null),
    start: () => askAll('takenUp', null),
    async replay({ id, webhookId }) {
      await ask(ownerOf(webhookId), 'replay', { id, webhookId });
      tell.requeued(webhookId);
    },
    clockSetBack: () => askAll('clockSetBack', null),
    wake: (webhookId) => post(ownerOf(webhookId), { kind: 'wake', webhookId }),
    async gone(webhookId) {
      await ask(ownerOf(webhookId), 'gone', webhookId);
    },
    slowDown,
    async requeueMany(request) {
      const requeued = await ask(ownerOf(request.webhookId), 'requeueMany', request);
      tell.requeued(request.webhookId);
      return requeued;
    },
    skipWaiting: (webhookId, reason, now) =>
      ask(ownerOf(webhookId), 'skipWaiting', { webhookId, reason, now }),
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
      catchUp();
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
      const all = webhookId === undefined ? [...ports.keys()] : [ownerOf(webhookId)];
      await Promise.allSettled(all.map((courier) => ask(courier, 'heard', null)));
    },
    fail,
    async close() {
      await askAll('close', null).catch(() => {});
      fail(new Error('The couriers are closed.'));
      for (const port of ports) port.close();
    },
  };
}
