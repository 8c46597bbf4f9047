import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import type { DeliveryObserver, OpenBreaker } from '../../core/delivery-observer.ts';
import type { CourierLog } from '../../stores/ports/delivery-log.ts';
import { createDispatcher } from '../dispatcher.ts';
import { memoryBudget } from '../lanes/memory.ts';
import type { Resolve } from '../names/stand-in.ts';
import { createSending, type SendingSettings } from '../sending.ts';
import { createAttemptPacker } from './attempt-bundle.ts';
import type { Board } from './board.ts';
import { createMirror } from './mirror.ts';
import { packDelivery } from './packed-delivery.ts';
import type { CourierQuestion, CourierQuestions, FromCourier, ToCourier } from './protocol.ts';
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
  readonly sending: SendingSettings;
}

export interface CourierOptions {
  readonly settings: CourierSettings;
  /** The main thread's words come over it. */
  readonly port: MessagePort;
  readonly board: Board;
  /** @param before is to be called before anything of the store's is looked at */
  readonly openLog: (before: () => void) => CourierLog;
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
  const log = options.openLog(catchUp);
  const registry = createMirror();
  const attempts = createAttemptPacker();
  const disabling = new Map<number, PromiseWithResolvers<void>>();
  let lastDisabling = 0;
  let taken = 0;
  let shownInFlight = 0;
  let flushing = false;
  let writing: NodeJS.Timeout | null = null;
  let takenUp: Promise<void> = Promise.resolve();
  let closed = false;

  const sending = createSending(settings.sending, {
    clock,
    resolve: options.resolve,
    onRefused: (host, reason) => post({ kind: 'hostRefused', host, reason }),
    onShortage: (of) => post({ kind: 'shortage', of }),
    onNews: (news) => post({ kind: 'proxyNews', news }),
  });
  // Every method, so that none that is new is forgotten here. Who has something sent again hears so from the main thread.
  const observer: Required<Omit<DeliveryObserver, 'requeued'>> = {
    attempted(record, delivery) {
      attempts.add(record, delivery);
      flushSoon();
    },
    concluded: (conclusion, delivery) =>
      post({ kind: 'concluded', conclusion, delivery: packDelivery(delivery) }),
    skipped: (webhookId, reason, deliveries) => post({ kind: 'skipped', webhookId, reason, deliveries }),
    healthChanged: (webhookId, change) => post({ kind: 'healthChanged', webhookId, change }),
    breakerChanged: (webhookId, open) => post({ kind: 'breakerChanged', webhookId, open }),
    paceLearnt: (webhookId, perSecond) => post({ kind: 'paceLearnt', webhookId, perSecond }),
  };
  const dispatcher = createDispatcher({
    log: {
      ...log,
      onAccepted: (listen) =>
        log.onAccepted((deliveries) => {
          listen(deliveries);
          taken += deliveries.length;
          flushSoon();
        }),
    },
    registry,
    sender: sending.sender,
    clock,
    random: options.random,
    maxInFlight: settings.maxInFlight,
    share: {
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
    onDisable(webhookId, reason) {
      const id = ++lastDisabling;
      const done = Promise.withResolvers<void>();
      disabling.set(id, done);
      post({ kind: 'disable', id, webhookId, reason });
      return done.promise;
    },
    observers: [observer],
  });

  const answers: {
    [Q in CourierQuestion]: (
      argument: CourierQuestions[Q]['argument'],
    ) => Promise<CourierQuestions[Q]['answer']>;
  } = {
    async start() {
      takenUp = dispatcher.start();
      takenUp.catch(() => {});
      return null;
    },
    async takenUp() {
      await takenUp;
      return null;
    },
    heard: async () => null,
    async replay(delivery) {
      await dispatcher.replay(delivery);
      return null;
    },
    async clockSetBack() {
      await dispatcher.clockSetBack();
      return null;
    },
    async gone(webhookId) {
      await dispatcher.gone(webhookId);
      return null;
    },
    requeueMany: log.requeueMany,
    skipWaiting: ({ webhookId, reason, now }) => log.skipWaiting(webhookId, reason, now),
    async stop(withinMs) {
      await dispatcher.stop(withinMs);
      return null;
    },
    async close() {
      if (writing !== null) clearTimeout(writing);
      await log.close();
      await sending.close();
      closed = true;
      return null;
    },
  };

  async function answer(id: number, question: CourierQuestion, argument: unknown): Promise<void> {
    try {
      const value: unknown = await (answers[question] as (argument: unknown) => Promise<unknown>)(argument);
      post({ kind: 'answer', id, value });
    } catch (error) {
      const { message, code } = error as { message?: unknown; code?: unknown };
      post({
        kind: 'failure',
        id,
        error: { message: String(message ?? error), code: typeof code === 'string' ? code : null },
      });
    }
    if (!closed) return;
    port.close();
    options.onClosed();
  }

  function hear(message: ToCourier): void {
    switch (message.kind) {
      case 'webhook':
        registry.change(message.webhookId, message.now);
        break;
      case 'wake':
        dispatcher.wake(message.webhookId);
        break;
      case 'slowDown':
        sending.sender.closeIdle();
        dispatcher.slowDown();
        break;
      case 'disabled': {
        const waiting = disabling.get(message.id);
        disabling.delete(message.id);
        if (message.done) waiting?.resolve();
        else waiting?.reject(new Error('The webhook could not be disabled.'));
        break;
      }
      case 'ask':
        void answer(message.id, message.question, message.argument);
    }
    flushSoon();
  }

  function catchUp(): void {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
      hear(next.message as ToCourier);
    }
  }

  function post(message: FromCourier): void {
    flushAttempts();
    port.postMessage(message);
  }

  function flushAttempts(): void {
    if (attempts.size > 0)
      port.postMessage({ kind: 'attempted', attempts: attempts.take() } satisfies FromCourier);
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

  board.write(courier, 'mostInFlight', settings.maxInFlight);
  port.on('message', hear);
}
