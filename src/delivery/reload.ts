import { bringsTheLast, type DeliveryLog } from '../stores/ports/delivery-log.ts';
import type { Lane } from './lanes/lane.ts';
import type { Lanes } from './lanes/lanes.ts';
import { type LaneMemory, usualSize } from './lanes/memory.ts';

/** Deliveries that a lane loads at once: some 5 ms of the writer, which others' calls wait for. */
export const mostPending = 1_000;
/** Due retries that a lane loads at once. */
const retryWindow = 100;
/** The same while memory is short. */
const fewRetries = 4;

/** What reloading needs of the dispatcher. */
export interface Reloading {
  readonly deliveryLog: Pick<DeliveryLog, 'loadPending' | 'loadRetries'>;
  readonly memory: LaneMemory;
  readonly lanes: Pick<Lanes, 'isCurrent'>;
  /** The store failed; `run` after a while. */
  tryAgain(run: () => void): void;
  refresh(lane: Lane): void;
}

/** How long to wait where memory is full. */
const fullMs = 1_000;

/**
 * Brings what waits in the store into the lane's window, when the lane wants it.
 *
 * @returns when to come again, since memory is too full for it; `null`: no need
 */
export function reload(lane: Lane, now: number, reloading: Reloading): number | null {
  const wantsPending = lane.wantsPending(reloading.memory.window);
  const wantsRetries = lane.wantsRetries(now);
  if (!wantsPending && !wantsRetries) return null;
  if (lane.findsMemoryFull(now)) return now + fullMs;
  if (wantsPending) void reloadPending(lane, reloading);
  if (wantsRetries) void reloadRetries(lane, now, reloading);
  return null;
}

async function reloadPending(lane: Lane, reloading: Reloading): Promise<void> {
  const { deliveryLog, memory, lanes, tryAgain, refresh } = reloading;
  lane.backlog.loadingPending = true;
  const asked = Math.min(memory.window / 2, mostPending);
  const mostCharacters = asked * usualSize;
  const arrived = memory.reserve(asked);
  const deliveries = await deliveryLog
    .loadPending(lane.webhookId, lane.backlog, asked, mostCharacters)
    .catch(() => null);
  arrived();
  if (!lanes.isCurrent(lane)) return;
  if (deliveries) {
    const sizes = deliveries.map(({ size }) => size ?? 0);
    lane.backlog.loadedPending(deliveries, bringsTheLast(sizes, asked, mostCharacters));
    refresh(lane);
  } else {
    tryAgain(() => {
      lane.backlog.loadingPending = false;
      refresh(lane);
    });
  }
}

async function reloadRetries(lane: Lane, now: number, reloading: Reloading): Promise<void> {
  const { deliveryLog, memory, lanes, tryAgain, refresh } = reloading;
  lane.backlog.loadingRetries = true;
  lane.backlog.nextRetryAt = null;
  const limit = (memory.isShort ? fewRetries : retryWindow) + lane.backlog.heldRetries.size;
  const retries = await deliveryLog.loadRetries(lane.webhookId, now, limit).catch(() => null);
  if (!lanes.isCurrent(lane)) return;
  if (retries) {
    lane.backlog.loadedRetries(retries.due, retries.nextRetryAt);
    refresh(lane);
  } else {
    lane.backlog.retryAt(now);
    tryAgain(() => {
      lane.backlog.loadingRetries = false;
      refresh(lane);
    });
  }
}
