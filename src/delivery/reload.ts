import type { DeliveryLog } from '../stores/ports/delivery-log.ts';
import { type Lane, laneWindow, retryWindow } from './lanes/lane.ts';

/** What reloading needs of the dispatcher. */
export interface Reloading {
  readonly log: Pick<DeliveryLog, 'loadPending' | 'loadRetries'>;
  /** The lane still belongs to a webhook. */
  isCurrent(lane: Lane): boolean;
  /** The lane holds more (or fewer) deliveries than before. */
  loaded(lane: Lane, more: number): void;
  /** The store failed; `run` after a while. */
  tryAgain(run: () => void): void;
  attend(lane: Lane): void;
}

/** Brings what waits in the store into the lane's window, when the lane wants it. */
export function reload(lane: Lane, now: number, reloading: Reloading): void {
  if (lane.wantsPending) void reloadPending(lane, reloading);
  if (lane.wantsRetries(now)) void reloadRetries(lane, now, reloading);
}

async function reloadPending(
  lane: Lane,
  { log, isCurrent, loaded, tryAgain, attend }: Reloading,
): Promise<void> {
  lane.loadingPending = true;
  const asked = laneWindow / 2;
  const deliveries = await log.loadPending(lane.webhookId, lane.lastPlace, asked).catch(() => null);
  if (!isCurrent(lane)) return;
  if (deliveries) {
    lane.loadedPending(deliveries, asked);
    loaded(lane, deliveries.length);
  } else {
    tryAgain(() => {
      lane.loadingPending = false;
      attend(lane);
    });
  }
}

async function reloadRetries(lane: Lane, now: number, reloading: Reloading): Promise<void> {
  const { log, isCurrent, loaded, tryAgain, attend } = reloading;
  lane.loadingRetries = true;
  lane.nextRetryAt = null;
  const limit = retryWindow + lane.heldRetries.size;
  const retries = await log.loadRetries(lane.webhookId, now, limit).catch(() => null);
  if (!isCurrent(lane)) return;
  if (retries) {
    const before = lane.inMemory;
    lane.loadedRetries(retries.due, retries.nextRetryAt);
    loaded(lane, lane.inMemory - before);
  } else {
    lane.retryAt(now);
    tryAgain(() => {
      lane.loadingRetries = false;
      attend(lane);
    });
  }
}
