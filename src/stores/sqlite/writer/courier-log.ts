import type { Clock } from '../../../core/clock.ts';
import type { Conclusion, QueuedDelivery } from '../../../core/delivery.ts';
import { parseSequenceId, sequenceId } from '../../../core/ids.ts';
import { createSlices } from '../../../core/slices.ts';
import { connect, type Port } from '../../../core/threads/connection.ts';
import {
  type ErrorMessage,
  messageToError,
  ThreadError,
  threadEnded,
} from '../../../core/threads/thread-error.ts';
import { stateCode } from '../../codes.ts';
import { unpackDeliveries } from '../../log/delivery-columns.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import type { AttemptRow } from '../../log/row-types.ts';
import { attemptRow, conclusionRow, loadedDelivery, outdatedConclusion } from '../../log/rows.ts';
import { createWriteWatch } from '../../log/write-health.ts';
import { bringsTheLast, type CourierLog } from '../../ports/delivery-log.ts';
import { packAttempts } from './columns.ts';
import { isDamage } from './damage.ts';
import { createLoadQueue } from './load-queue.ts';
import type { CommitNews, PendingRequest, StoreCalls, StoreNews } from './protocol.ts';

interface Recorded {
  readonly row: AttemptRow;
  readonly onDisk: () => void;
}

/** Attempts in one `record` call; the writer takes whole ones into a commit. */
const mostAttempts = 250;
/** Deliveries that are ended in one transaction: some ms. */
const skippedAtOnce = 200;
/** How long attempts wait when the disk refused them. */
const retryRecordsMs = 1_000;
/** Accepted deliveries that lanes are told of in one go: about a ms. */
const toldAtOnce = 8;

/** A courier's end of its port. */
export interface StorePort extends Port {
  close(): void;
}

/**
 * A courier's part of the delivery log on SQLite: it talks with the writer thread over a port of its own.
 *
 * Attempts gather while those before are on their way to disk, and go in one message. The writer's words come in one
 * order, so a load's answer stands where it belongs among the deliveries that the courier is told of. They become the lanes'
 * work in slices: a commit of 1,000 deliveries and as many attempts would keep those of others waiting for 100 ms and more.
 *
 * @param before called before anything of the writer's is looked at: what was said to the courier elsewhere first, is known
 */
export function createCourierLog(port: StorePort, clock: Clock, before: () => void = () => {}): CourierLog {
  const loads = createLoadQueue();
  const watch = createWriteWatch(clock, probe, { isDamage });
  /** What the writer said, in its order. */
  const heard = createSlices();
  let records: Recorded[] = [];
  /** `record` calls that are not answered yet, the oldest first. */
  const underWay: (readonly Recorded[])[] = [];
  /** Webhooks that were left, and whose last load brought more than it may. */
  const left = new Set<string>();
  /** Loads that are not answered yet, by webhook. */
  const loading = new Map<string, number>();
  let refused: Recorded[] = [];
  let gathering = false;
  let closing = false;
  let onIdle: (() => void) | null = null;
  let onAccepted: (deliveries: readonly QueuedDelivery[], left: number) => void = () => {};
  let onReleased: (deliveries: readonly QueuedDelivery[]) => void = () => {};
  let onOutdated: (conclusion: Conclusion, delivery: QueuedDelivery) => void = () => {};

  const store = connect<StoreNews, StoreCalls>(
    port,
    { told, refused: recordsRefused },
    { beforeHear: before, settleBy: heard.addResolving },
  );

  function told({ accepted, left: unseen, released, overtaken, recorded }: CommitNews): void {
    const onDisk = underWay.splice(0, recorded).flat();
    if (recorded > 0) {
      watch.worked();
      post();
    }
    if (accepted) {
      const { sendable, outdated } = unpackDeliveries(accepted);
      for (let i = 0; i < sendable.length; i += toldAtOnce) {
        heard.add(() => onAccepted(sendable.slice(i, i + toldAtOnce), 0));
      }
      for (const delivery of outdated) heard.add(() => onOutdated(outdatedConclusion(delivery), delivery));
    }
    if (unseen > 0) heard.add(() => onAccepted([], unseen));
    tellOfTurns(released, overtaken);
    for (const record of onDisk) heard.add(record.onDisk);
    tellIdle();
  }

  /** Deliveries that waited for those before them. */
  function tellOfTurns(released: readonly LoadedRow[], overtaken: readonly LoadedRow[]): void {
    if (released.length > 0) heard.add(() => onReleased(released.map(withText)));
    for (const row of overtaken) {
      const delivery = withText(row);
      heard.add(() => onOutdated(outdatedConclusion(delivery), delivery));
    }
  }

  function recordsRefused(failure: ErrorMessage, calls: number): void {
    watch.failed(messageToError(failure));
    const back = underWay.splice(0, calls).flat();
    // What is not recorded goes out again after the next start.
    if (!closing) {
      if (refused.length === 0) clock.setTimer(recordRefused, retryRecordsMs);
      refused.push(...back);
    }
    post();
    tellIdle();
  }

  function recordRefused(): void {
    records = [...refused, ...records];
    refused = [];
    gather();
  }

  function tellIdle(): void {
    if (underWay.length === 0 && records.length === 0) onIdle?.();
  }

  function add(record: Recorded): void {
    records.push(record);
    gather();
  }

  /** All that is answered in one turn of the loop goes together. */
  function gather(): void {
    if (gathering || underWay.length > 0) return;
    gathering = true;
    setImmediate(() => {
      gathering = false;
      if (underWay.length === 0) post();
    });
  }

  function post(): void {
    if (records.length === 0) return;
    const some = records.length > mostAttempts ? records.splice(0, mostAttempts) : records;
    if (some === records) records = [];
    underWay.push(some);
    watch.asked();
    store.tell('record', packAttempts(some.map(({ row }) => row)));
  }

  function probe(): void {
    store.ask('probe').then(watch.worked, watch.failed);
  }

  /** @param rows that it brings at most */
  function load<T>(rows: number, ask: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      loads.add(rows, (ended) => {
        ask().then(resolve, reject).finally(ended);
      });
    });
  }

  function loaded(webhookId: string): void {
    const more = (loading.get(webhookId) ?? 1) - 1;
    if (more > 0) loading.set(webhookId, more);
    else loading.delete(webhookId);
  }

  /** A change must find in the store what was recorded before; a lane knows by itself what it loads too early. */
  function postAll(): void {
    while (records.length > 0) post();
  }

  return {
    onAccepted(listen) {
      onAccepted = listen;
    },
    leave(webhookId) {
      // The store would hear of it behind a load that may bring the last, whose answer says to both ends that it is over.
      if (left.has(webhookId) || loading.has(webhookId)) return;
      left.add(webhookId);
      store.tell('leave', webhookId);
    },
    isLeft: (webhookId) => left.has(webhookId),
    heedAgain(webhookId) {
      if (left.has(webhookId)) store.tell('heedAgain', webhookId);
    },
    onReleased(listen) {
      onReleased = listen;
    },
    onOutdated(listen) {
      onOutdated = listen;
    },
    record: (attempt, onDisk) => add({ row: attemptRow(attempt), onDisk }),
    conclude: (conclusion, onDisk) => add({ row: conclusionRow(conclusion), onDisk }),
    // One process accepts and sends, so there is nobody that either would be called for.
    onArrived() {},
    onMore() {},
    async loadPending(webhookId, { lastPlace }, limit, mostCharacters = Number.POSITIVE_INFINITY) {
      const due = lastPlace?.queuedAt ?? 0;
      const after = lastPlace === null ? 0 : (parseSequenceId('dlv', lastPlace.id) ?? 0);
      const request: PendingRequest = { webhookId, due, after, limit, mostCharacters };
      loading.set(webhookId, (loading.get(webhookId) ?? 0) + 1);
      const rows = await load(limit, () => store.ask('loadPending', request)).finally(() =>
        loaded(webhookId),
      );
      const deliveries = rows.map(withText);
      const sizes = rows.map(({ body }) => body.length);
      // Behind this answer the store tells of it again.
      if (bringsTheLast(sizes, limit, mostCharacters)) left.delete(webhookId);
      return deliveries;
    },
    async loadRetries(webhookId, now, limit) {
      const { rows, next } = await load(limit, () => store.ask('loadRetries', webhookId, now, limit));
      return { due: rows.map(withText), nextRetryAt: next };
    },
    async loadThese(webhookId, deliveryIds) {
      const numbers = deliveryIds.map((id) => parseSequenceId('dlv', id) ?? 0);
      const rows = await load(numbers.length, () => store.ask('loadThese', webhookId, numbers));
      return rows.map(withText);
    },
    async waiting() {
      const rows = await store.ask('waiting');
      return rows.map((row) => ({
        webhookId: row.webhook,
        pending: row.pending === 1,
        nextRetryAt: row.next,
      }));
    },
    async requeueMany({ webhookId, deliveryIds, states, ordered, now }) {
      const deliveries = deliveryIds.map((id) => parseSequenceId('dlv', id) ?? 0);
      postAll();
      const rows = await store.ask('requeueMany', {
        ...{ webhookId, deliveries, states: states.map(stateCode), ordered, now },
      });
      return rows.map(({ delivery, orderKey }) => ({ id: sequenceId('dlv', delivery), orderKey }));
    },
    async skipWaiting(webhookId, reason, now) {
      // A thousand at a time, so that commits come between.
      let total = 0;
      for (let some = 1; some > 0; total += some) {
        postAll();
        some = await store.ask('skipWaiting', webhookId, reason, now);
      }
      return total;
    },
    async skipDeliveries(webhookId, deliveryIds, reason, now) {
      let total = 0;
      const numbers = deliveryIds.map((id) => parseSequenceId('dlv', id) ?? 0);
      for (let i = 0; i < numbers.length; i += skippedAtOnce) {
        postAll();
        const some = numbers.slice(i, i + skippedAtOnce);
        const skipped = await store.ask('skipDeliveries', webhookId, some, reason, now);
        const { deliveries, released, overtaken } = skipped;
        total += deliveries;
        tellOfTurns(released, overtaken);
      }
      return total;
    },
    health: watch.health,
    async close() {
      closing = true;
      watch.close();
      recordRefused();
      if (underWay.length > 0 || records.length > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      heard.finish();
      store.fail(new ThreadError('The store is closed.', { code: threadEnded }));
      port.close();
    },
  };
}

function withText(row: LoadedRow): QueuedDelivery {
  return { ...loadedDelivery(row), text: row.body };
}
