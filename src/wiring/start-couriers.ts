import { MessageChannel, Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import { courierOf } from '../core/courier-of.ts';
import type { OpenBreaker } from '../core/delivery-observer.ts';
import { decodeEvent } from '../core/event-text.ts';
import { createBoard } from '../delivery/courier/board.ts';
import { type CourierSettings, createCourier } from '../delivery/courier/courier.ts';
import { type Couriers, type CouriersOptions, createCouriers } from '../delivery/courier/couriers.ts';
import { shareSlots } from '../delivery/courier/slot-loans.ts';
import type { Resolve } from '../delivery/names/stand-in.ts';
import type { SendingSettings } from '../delivery/sending.ts';
import { type CourierConnection, openCourierLog } from './courier-connection.ts';
import type { CourierWorkerData } from './courier-worker.ts';

export interface StartCouriersOptions extends Omit<CouriersOptions, 'ports' | 'board' | 'readEvent'> {
  /** The couriers' connections with the store, one for each courier. */
  readonly connections: readonly CourierConnection[];
  readonly deadAfterMs: number;
  readonly openBreakers?: readonly OpenBreaker[];
  readonly sending: Omit<SendingSettings, 'shares'>;
  /** What cannot go to another thread, since it is a test's: then the couriers are in this one. */
  readonly inThisThread: {
    readonly clock: Clock;
    readonly random: () => number;
    readonly resolve?: Resolve | undefined;
  } | null;
  readonly onDeath: (error: Error) => void;
}

/** One of so many blocks is borrowed at once. */
const blocks = 32;

export interface StartedCouriers extends Couriers {
  /** For how many seconds the thread of each had something to do since it started; none where they have no threads. */
  busySeconds(): readonly number[];
}

/** Starts as many couriers as there are connections with the store, each in a thread of its own. */
export function startCouriers(options: StartCouriersOptions): StartedCouriers {
  const { connections, maxInFlight, deadAfterMs, openBreakers = [], sending, inThisThread } = options;
  const count = connections.length;
  const { own, lent } = shareSlots(maxInFlight, count);
  const board = createBoard(count, lent);
  const channels = connections.map(() => new MessageChannel());
  const workers: Worker[] = [];
  let closing = false;

  const couriers = createCouriers({
    ...options,
    board,
    ports: channels.map(({ port1 }) => port1),
    readEvent: decodeEvent,
  });

  function died(error: Error): void {
    if (closing) return;
    closing = true;
    couriers.fail(error);
    options.onDeath(error);
  }

  const ended = channels.map(({ port2: main }, courier) => {
    const settings: CourierSettings = {
      ...{ courier, couriers: count, maxInFlight, deadAfterMs },
      slots: { own, block: Math.max(1, Math.ceil(maxInFlight / blocks)) },
      isLeased: connections[courier]?.store === 'postgres',
      openBreakers: openBreakers.filter(({ webhookId }) => courierOf(webhookId, count) === courier),
      sending: {
        ...sending,
        shares: count,
        mostConnections: Math.max(1, Math.floor(sending.mostConnections / count)),
      },
    };
    const connection = connections[courier] as CourierConnection;
    const { promise, resolve } = Promise.withResolvers<void>();
    if (inThisThread) {
      createCourier({
        ...inThisThread,
        ...{ settings, port: main, board },
        openLog: (before, shards) => openCourierLog(connection, inThisThread.clock, before, shards),
        onClosed: resolve,
      });
      return promise;
    }
    const workerData: CourierWorkerData = { settings, board: board.shared, main, connection };
    const file = import.meta.url.endsWith('.ts') ? './courier-worker.ts' : './courier-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      ...{ workerData, transferList: [main, connection.port], name: 'courier' },
    });
    workers.push(worker);
    worker.on('error', (error) => died(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => {
      resolve();
      died(new Error('A courier thread ended.'));
    });
    return promise;
  });

  return {
    ...couriers,
    busySeconds: () => workers.map(({ performance }) => performance.eventLoopUtilization().active / 1_000),
    async close() {
      closing = true;
      await couriers.close();
      // Of what failed, something may be left.
      for (const worker of workers) void worker.terminate();
      if (!inThisThread) await Promise.all(ended);
    },
  };
}
