import { type MessagePort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.ts';
import { openBoard } from '../delivery/courier/board.ts';
import { type CourierSettings, createCourier } from '../delivery/courier/courier.ts';
import { type CourierConnection, openCourierLog } from './courier-connection.ts';

/** What a courier's thread is started with. */
export interface CourierWorkerData {
  readonly settings: CourierSettings;
  readonly board: SharedArrayBuffer;
  /** Its end of the connection with the main thread. */
  readonly main: MessagePort;
  readonly connection: CourierConnection;
}

/** A courier's thread. */
const { settings, board, main, connection } = workerData as CourierWorkerData;
createCourier({
  settings,
  port: main,
  board: openBoard(board),
  openLog: (before, shards) => openCourierLog(connection, systemClock, before, shards),
  clock: systemClock,
  random: Math.random,
  // Connections that linger would keep the thread.
  onClosed: () => process.exit(0),
});
