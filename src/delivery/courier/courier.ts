import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import type { DeliveryObserver, OpenBreaker } from '../../core/delivery-observer.ts';
import { createLeasedShards, type OwnedShards, ownAll } from '../../core/owned-shards.ts';
import { shardOf } from '../../core/shards.ts';
import { connect } from '../../core/threads/connection.ts';
import type { CourierLog } from '../../stores/ports/delivery-log.ts';
import { createDispatcher } from '../dispatcher.ts';
import { memoryBudget } from '../lanes/memory.ts';
import type { Resolve } from '../names/stand-in.ts';
import { createSending, type SendingSettings } from '../sending.ts';
import { createAttemptPacker } from './attempt-bundle.ts';
import type { Board } from './board.ts';
import { createMirror } from './mirror.ts';
import { packDelivery } from './packed-delivery.ts';
import type { CourierCalls, CourierNews } from './protocol.ts';
import { createSlotLoans } from './slot-loans.ts';

/** What a courier is told when it is made, as plain data. */
export interface CourierSettings {
  /** Which one it is, from 0, of how many. */
  readonly courier: number;
  readonly couriers: number;
  /** Deliveries in flight over all couriers. */
  readonly maxInFlight: number;
  /** Slots of its own, and how many it borrows at once. */
  readonly slots: { readonly own: number; readonly block: number };
  readonly deadAfterMs: number;
  /** Breakers of its webhooks that were open before a restart. */
  readonly openBreakers: readonly OpenBreaker[];
  /** Other processes may share the store: only webhooks of shards that it was told of are its own. */
  readonly isLeased: boolean;
  readonly sending: SendingSettings;
}

export interface CourierOptions {
  readonly settings: CourierSettings;
  /** The main thread's words come over it. */
  readonly port: MessagePort;
  readonly board: Board;
  /** @param before is to be called before anything of the store's is looked at */
  readonly openLog: (before: () => void, shards: OwnedShards) => CourierLog;
  readonly clock: Clock;
  readonly random: () => number;
  readonly resolve?: Resolve | undefined;
  /** It was closed, and its last answer is on its way. */
  readonly onClosed: () => void;
}

/** How often what it is doing is written to the board, beside what is exact at each moment. */
const writeEveryMs = 100;

/**
 * Sends the deliveries of the webhooks that belong to it: a dispatcher with connections, look-ups and a part of the store's
 * log of its own, in a thread of its own.
 *
 * ```text
 *                ┌── webhooks, questions ──▸ ┌─────────┐ ◂── accepted deliveries, on disk ──┐
 *   main thread ─┤                           │ courier │                                    ├─ writer thread
 *                └◂ attempts, in bundles ─── └─────────┘ ── attempts, to be recorded ──────▸┘
 * ```
 * What the main thread said before it handed an event to the store is known before its deliveries are looked at: the
 * threads' queues are filled in that order, so the main thread's is emptied first.
 */
export function createCourier(options: CourierOptions): void {
  const { port, board, clock, settings } = options;
  const { courier } = settings;
  const leased = settings.isLeased ? createLeasedShards() : null;
  const shards = leased ?? ownAll();
  const deliveryLog = options.openLog(catchUp, shards);
  const registry = createMirror();
  const attempts = createAttemptPacker();
  let taken = 0;
  let shownInFlight = 0;
  let flushing = false;
  let writing: NodeJS.Timeout | null = null;
  let takenUp: Promise<void> = Promise.resolve();
  let closed = false;

  const sending = createSending(settings.sending, {
    clock,
    resolve: options.resolve,
    onRefused: (host, reason) => main.tell('hostRefused', host, reason),
    onShortage: (of) => main.tell('shortage', of),
    onNews: (news) => main.tell('proxyNews', news),
  });
  // Every method, so that none that is new is forgotten here. Who has something sent again hears so from the main thread.
  const observer: Required<Omit<DeliveryObserver, 'requeued'>> = {
    attempted(record, delivery) {
      attempts.add(record, delivery);
      flushSoon();
    },
    concluded: (conclusion, delivery) => main.tell('concluded', conclusion, packDelivery(delivery)),
    skipped: (...news) => main.tell('skipped', ...news),
    healthChanged: (...news) => main.tell('healthChanged', ...news),
    breakerChanged: (...news) => main.tell('breakerChanged', ...news),
    paceLearnt: (...news) => main.tell('paceLearnt', ...news),
  };
  const dispatcher = createDispatcher({
    deliveryLog: {
      ...deliveryLog,
      onAccepted: (listen) =>
        deliveryLog.onAccepted((deliveries, left) => {
          if (deliveries.length > 0) listen(deliveries, left);
          taken += deliveries.length + left;
          flushSoon();
        }),
    },
    registry,
    sender: sending.sender,
    clock,
    random: options.random,
    maxInFlight: settings.maxInFlight,
    owns: shards.owns,
    ...(leased && { isDeleted: (webhookId: string) => main.ask('isDeleted', webhookId) }),
    share: {
      isLate: () => board.isLate(),
      most: createSlotLoans(settings.slots.own, settings.slots.block, board).most,
      has(inFlight) {
        // More is seen at once, less when what became of it is on its way.
        if (inFlight > shownInFlight) showInFlight(inFlight);
        else if (inFlight < shownInFlight) flushSoon();
      },
    },
    mostInMemory: Math.ceil(memoryBudget / settings.couriers),
    deadAfterMs: settings.deadAfterMs,
    openBreakers: settings.openBreakers,
    onDisable: (webhookId, reason) => main.ask('disable', webhookId, reason),
    observers: [observer],
  });

  const main = connect<CourierCalls, CourierNews>(
    port,
    {
      async start() {
        takenUp = dispatcher.start();
        takenUp.catch(() => {});
      },
      takenUp: () => takenUp,
      async takeShards(taken) {
        leased?.take(taken);
        const asked = taken.map(({ shard }) => shard);
        dispatcher.knowBreakers(await main.ask('openBreakers', asked));
        await dispatcher.start(isOf(asked));
      },
      letGoOfShards(gone) {
        leased?.letGo(gone);
        dispatcher.letGo(isOf(gone));
      },
      async shardIsQuiet(shard) {
        await dispatcher.quiet(isOf([shard]));
        leased?.left(shard);
      },
      loseShards(lost) {
        leased?.leave(lost);
        dispatcher.letGo(isOf(lost));
      },
      lookAgain: () => dispatcher.start(),
      goOn: dispatcher.goOn,
      webhook: registry.change,
      heard: async () => {},
      wake: dispatcher.wake,
      replay: dispatcher.replay,
      clockSetBack: dispatcher.clockSetBack,
      gone: dispatcher.gone,
      slowDown() {
        sending.sender.closeIdle();
        dispatcher.slowDown();
      },
      requeueMany: deliveryLog.requeueMany,
      skipWaiting: deliveryLog.skipWaiting,
      drop: dispatcher.drop,
      expire: dispatcher.expire,
      stop: dispatcher.stop,
      async close() {
        if (writing !== null) clearTimeout(writing);
        await deliveryLog.close();
        await sending.close();
        closed = true;
        // Behind the answer.
        setImmediate(() => {
          port.close();
          options.onClosed();
        });
      },
    },
    { beforePost: flushAttempts },
  );

  function catchUp(): void {
    main.catchUp();
    flushSoon();
  }

  function flushAttempts(): void {
    if (attempts.size > 0) main.tell('attempted', attempts.take());
  }

  /** When all is done that is to be done at once. */
  function flushSoon(): void {
    if (flushing) return;
    flushing = true;
    setImmediate(flush);
  }

  /** Attempts are on their way before what counts them out is seen, and deliveries are in flight before they are taken. */
  function flush(): void {
    flushing = false;
    if (closed) return;
    flushAttempts();
    showInFlight(dispatcher.inFlight());
    board.write(courier, 'taken', taken | 0);
    writing ??= setTimeout(writeStatus, writeEveryMs).unref();
  }

  function showInFlight(inFlight: number): void {
    shownInFlight = inFlight;
    board.write(courier, 'inFlight', inFlight);
  }

  function writeStatus(): void {
    writing = null;
    const status = dispatcher.status();
    board.write(courier, 'mostInFlight', status.mostInFlight);
    board.write(courier, 'lanes', status.lanes);
    board.write(courier, 'inMemory', status.inMemory);
    board.write(courier, 'openBreakers', status.openBreakers);
    board.write(courier, 'disabledLanes', status.disabledLanes);
  }

  function isOf(asked: readonly number[]): (webhookId: string) => boolean {
    const all = new Set(asked);
    return (webhookId) => all.has(shardOf(webhookId));
  }

  board.write(courier, 'mostInFlight', settings.maxInFlight);
  port.on('message', flushSoon);
}
