import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import { type Lane, retryWindow } from './lanes/lane.ts';
import { type LaneMemory, usualSize } from './lanes/memory.ts';

/** Retries that a lane loads at once while memory is short. */
const fewRetries = 4;

/** What reloading needs of the dispatcher. */
export interface Reloading {
  readonly log: Pick<DeliveryLog, 'loadPending' | 'loadRetries'>;
  readonly memory: LaneMemory;
  /** The lane still belongs to a webhook. */
  isCurrent(lane: Lane): boolean;
  /** The store failed; `run` after a while. */
  tryAgain(run: () => void): void;
  attend(lane: Lane): void;
}

/** Brings what waits in the store into the lane's window, when the lane wants it. */
export function reload(lane: Lane, now: number, reloading: Reloading): void {
  if (lane.wantsPending(reloading.memory.window)) void reloadPending(lane, reloading);
  if (lane.wantsRetries(now)) void reloadRetries(lane, now, reloading);
}

async function reloadPending(lane: Lane, reloading: Reloading): Promise<void> {
  const { log, memory, isCurrent, tryAgain, attend } = reloading;
  lane.loadingPending = true;
  const asked = memory.window / 2;
  const mostCharacters = asked * usualSize;
  const arrived = memory.reserve(asked);
  const deliveries = await log
    .loadPending(lane.webhookId, lane.lastPlace, asked, mostCharacters)
    .catch(() => null);
  arrived();
  if (!isCurrent(lane)) return;
  if (deliveries) {
    lane.loadedPending(deliveries, asked);
    attend(lane);
  } else {
    tryAgain(() => {
      lane.loadingPending = false;
      attend(lane);
    });
  }
}

async function reloadRetries(lane: Lane, now: number, reloading: Reloading): Promise<void> {
  const { log, memory, isCurrent, tryAgain, attend } = reloading;
  lane.loadingRetries = true;
  lane.nextRetryAt = null;
  const limit = (memory.isShort ? fewRetries : retryWindow) + lane.heldRetries.size;
  const retries = await log.loadRetries(lane.webhookId, now, limit).catch(() => null);
  if (!isCurrent(lane)) return;
  if (retries) {
    lane.loadedRetries(retries.due, retries.nextRetryAt);
    attend(lane);
  } else {
    lane.retryAt(now);
    tryAgain(() => {
      lane.loadingRetries = false;
      attend(lane);
    });
  }
}
