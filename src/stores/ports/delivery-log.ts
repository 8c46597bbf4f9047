import type { AttemptRecord, Conclusion, DeliveryState, QueuedDelivery } from '../../core/delivery.ts';
import type { EventDraft } from '../../core/event.ts';

/** An event as a source read and checked it. */
export interface IncomingEvent {
  readonly event: EventDraft;
  /** The id that the caller gave, `null` where the store makes one. */
  readonly ownId: string | null;
}

/** An event with the webhooks that get it. */
export interface NewEvent extends IncomingEvent {
  readonly webhookIds: readonly string[];
  /**
   * Those of `webhookIds` that want one message's reports strictly one after another. A report waits in the store until
   * the reports of its message before it have ended, and is skipped as `outdated` when one that says more was delivered.
   */
  readonly orderedWebhookIds?: readonly string[];
  /** About how many characters it has as JSON; without: few. */
  readonly size?: number;
}

export type AppendResult =
  | { readonly result: 'accepted'; readonly eventId: string; readonly deliveries: number }
  | {
      readonly result: 'duplicate';
      /** The event that it repeats. */
      readonly eventId: string;
      readonly deliveries: number;
      /** It has the same own id, but is another report. */
      readonly differs?: boolean;
    };

/** What waits for one webhook, as its lane needs to know it at start. */
export interface WaitingSummary {
  readonly webhookId: string;
  /** There are deliveries that were never tried. */
  readonly pending: boolean;
  /** When the earliest retry is due. */
  readonly nextRetryAt: number | null;
}

/** A place in a webhook's queue of never-tried deliveries. */
export type QueuePlace = Pick<QueuedDelivery, 'id' | 'queuedAt'>;

/** What memory has of a webhook's queue of never-tried deliveries; with {@link nothingHeld} a load begins with the first. */
export interface HeldPending {
  /** Where it ends, in a store that takes deliveries in the order of the queue. */
  readonly lastPlace: QueuePlace | null;
  /** All of it, with what is under way, for a store in which several processes' deliveries may come to lie before that place. */
  readonly heldPending: ReadonlySet<string>;
}

export const nothingHeld: HeldPending = { lastPlace: null, heldPending: new Set() };

/** Retries that are due, and when the first that is not among them is due. */
export interface DueRetries {
  readonly due: readonly QueuedDelivery[];
  readonly nextRetryAt: number | null;
}

/** Deliveries of one webhook to be sent again. */
export interface RequeueRequest {
  readonly webhookId: string;
  readonly deliveryIds: readonly string[];
  /**
   * Those that are in another state meanwhile stay as they are. With `retrying` a report that waits behind another one of
   * its message is in the answer too; it stays where it is.
   */
  readonly states: readonly Exclude<DeliveryState, 'pending'>[];
  /** The webhook wants one message's reports strictly one after another. */
  readonly ordered: boolean;
  readonly now: number;
}

export interface RequeuedDelivery {
  readonly id: string;
  /** The same for the reports of one message that wait for each other; `null` for one that waits for nobody. */
  readonly orderKey: number | null;
}

/** Whether what is appended and recorded reaches the disk. */
export interface WriteHealth {
  /** Why not, in the store's words; `null`: it does. */
  readonly problem: string | null;
  /** Since when commits fail. */
  readonly failingSince: number | null;
  /** Commits that have failed, and tries to write in between. */
  readonly failures: number;
}

/** Whether a load brought all that there was. @param sizes of what it brought, characters as stored */
export function bringsTheLast(sizes: readonly number[], limit: number, mostCharacters: number): boolean {
  return sizes.length < limit && sizes.reduce((sum, size) => sum + size, 0) < mostCharacters;
}

/**
 * The work of the hot path.
 *
 * Order is part of the contract: a new delivery is either in the answer of a load, and then
 * {@link DeliveryLog.onAccepted} was told of it before the load resolves, or it is told of after the load has resolved.
 * So a lane that ignores what it is told while it loads sees every delivery exactly once, without locks; of a webhook that
 * it left it need not be told at all.
 */
export interface DeliveryLog {
  /**
   * Stores events with their deliveries; resolves when all are on disk, in the order given. Calls made meanwhile share a
   * commit; a large call goes over several, in which those of other accounts have their turns. Each event is stored with
   * all its deliveries: where these take several commits, the store completes what it has begun, whatever becomes of the
   * call. Rejects when the disk refuses: what was stored until then is found to be a duplicate when it is sent again, the
   * rest is not stored.
   */
  append(events: readonly NewEvent[]): Promise<readonly AppendResult[]>;
  /**
   * Hears of every new delivery that can be sent, in the order of acceptance (which for one account is the order of the
   * calls), once it is on disk. Of many it hears some at a time, while `append` may have resolved already: whoever calls
   * does not wait for the lanes' work.
   */
  onAccepted(listener: (deliveries: readonly QueuedDelivery[], left: number) => void): void;
  /**
   * Of this webhook, whose queue is longer than memory takes, new deliveries that can be sent need not be told of: loads
   * bring them. `onAccepted` hears how many they are, and of the deliveries themselves again behind the load that
   * {@link bringsTheLast}. Does nothing while a load of it is under way: that may bring the last.
   */
  leave(webhookId: string): void;
  /** Whether there may be deliveries of it that were not told of, and that no load has brought. */
  isLeft(webhookId: string): boolean;
  /** It is told of again from now on, in the order of what is asked; its loads bring what was not. */
  heedAgain(webhookId: string): void;
  /**
   * Hears of new deliveries that another process has accepted, in no order: of some it may hear again, or although a load has
   * brought them.
   */
  onArrived(listener: (deliveries: readonly QueuedDelivery[]) => void): void;
  /** Another process has accepted deliveries of this webhook that are not told of one by one: a load brings them. */
  onMore(listener: (webhookId: string) => void): void;
  /** Hears of every ordered delivery that can be sent now because those before it have ended. Loads bring it as a retry. */
  onReleased(listener: (deliveries: readonly QueuedDelivery[]) => void): void;
  /** Hears of every ordered delivery that has ended unsent because more was delivered already, once that is on disk. */
  onOutdated(listener: (conclusion: Conclusion, delivery: QueuedDelivery) => void): void;
  /**
   * Records an attempt and its effect; `onDisk` is called when both are on disk. Tried again until the disk takes it.
   *
   * @param onLost called instead where the webhook is another process's meanwhile: that one sends the delivery again
   */
  record(attempt: AttemptRecord, onDisk: () => void, onLost?: () => void): void;
  /** Ends a delivery without an attempt, otherwise as {@link DeliveryLog.record}. */
  conclude(conclusion: Conclusion, onDisk: () => void, onLost?: () => void): void;
  /**
   * Never-tried deliveries of a webhook that memory does not hold, in the queue's order. Fewer than `limit` only when there are
   * no more or when their sizes together reach `mostCharacters` (without: no such bound).
   */
  loadPending(
    webhookId: string,
    held: HeldPending,
    limit: number,
    mostCharacters?: number,
  ): Promise<readonly QueuedDelivery[]>;
  /** Retries that are due at `now`, the most overdue first. */
  loadRetries(webhookId: string, now: number, limit: number): Promise<DueRetries>;
  /** Those of these that wait for an attempt, and not behind another report of their message. */
  loadThese(webhookId: string, deliveryIds: readonly string[]): Promise<readonly QueuedDelivery[]>;
  /** Every webhook with something to do. */
  waiting(): Promise<readonly WaitingSummary[]>;
  /**
   * Makes deliveries due now, marked manual: all or none, in the order of acceptance. Of an `ordered` webhook, a report
   * that had ended waits until all others of its message have, and is then sent even if it is outdated. Resolves to those
   * that were made due or wait so.
   */
  requeueMany(request: RequeueRequest): Promise<readonly RequeuedDelivery[]>;
  /** Ends everything that waits for a webhook with state `skipped`. Resolves to how many. */
  skipWaiting(webhookId: string, reason: string, now: number): Promise<number>;
  /**
   * Ends these deliveries of a webhook, as far as they wait, with state `skipped`; what an `ordered` webhook's others
   * waited for is over then. Resolves to how many waited.
   */
  skipDeliveries(
    webhookId: string,
    deliveryIds: readonly string[],
    reason: string,
    now: number,
  ): Promise<number>;
  /**
   * Makes retries due as they would be by a clock that was not ahead when they were planned. For when the clock was set
   * back. Resolves to how many.
   */
  bringRetriesBack(now: number): Promise<number>;
  /** The latest instant that something in the store carried when it was opened: later than now where the clock was set back. */
  readonly latestAt: number;
  readonly health: WriteHealth;
  /** Hears of every commit that fails, and when the first works again. */
  onHealth(listener: (health: WriteHealth) => void): void;
  /** Events that wait for a commit right now. */
  readonly queued: number;
  /** Commits what was called so far and lets go of the store. */
  close(): Promise<void>;
}

/** What the main thread needs of the log: it hands in events, and couriers hear of their deliveries. */
export interface EventLog
  extends Pick<
    DeliveryLog,
    'append' | 'bringRetriesBack' | 'latestAt' | 'health' | 'onHealth' | 'queued' | 'close'
  > {
  /** Events that were handed in since the start. */
  readonly handedIn: number;
  /** Deliveries that the couriers were told of. */
  readonly handedOver: number;
  /**
   * Commits are held back while couriers have much to see yet, but for accounts that call little.
   * @param unseen how many deliveries they were told of and have not seen
   */
  heed(unseen: () => number): void;
}

/** What a courier needs of the log, for the webhooks that are its own; it has a connection of its own with the store. */
export interface CourierLog
  extends Pick<
    DeliveryLog,
    | 'onAccepted'
    | 'onArrived'
    | 'onMore'
    | 'leave'
    | 'isLeft'
    | 'heedAgain'
    | 'onReleased'
    | 'onOutdated'
    | 'record'
    | 'conclude'
    | 'loadPending'
    | 'loadRetries'
    | 'loadThese'
    | 'waiting'
    | 'requeueMany'
    | 'skipWaiting'
    | 'skipDeliveries'
    | 'health'
    | 'close'
  > {}
