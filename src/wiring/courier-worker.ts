import { type MessagePort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.ts';
import { openBoard } from '../delivery/courier/board.ts';
import { type CourierSettings, createCourier } from '../delivery/courier/courier.ts';
import { createCourierLog } from '../stores/sqlite/writer/courier-log.ts';

/** What a courier's thread is started with. */
export interface CourierWorkerData {
  readonly settings: CourierSettings;
  readonly board: SharedArrayBuffer;
  /** Its ends of the connections with the main thread and with the store. */
  readonly main: MessagePort;
  readonly store: MessagePort;
}

/** A courier's thread; like `gateway.ts` it is the place that chooses a store. */
const { settings, board, main, store } = workerData as CourierWorkerData;
createCourier({
  settings,
  port: main,
  board: openBoard(board),
  openLog: (before) => createCourierLog(store, systemClock, before),
  clock: systemClock,
  random: Math.random,
  // Connections that linger would keep the thread.
  onClosed: () => process.exit(0),
});
