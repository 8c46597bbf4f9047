import type { ErrorMessage } from '../../../core/threads/thread-error.ts';
import type { DeliveryColumns } from '../../log/delivery-columns.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import type { RequeueRequest } from '../../ports/delivery-log.ts';
import type { ErasedEvents } from '../../ports/erasures.ts';
import type { CutPiece, CutRequest, Keeps } from '../../ports/retention.ts';
import type { DeleteRequest } from '../erasure/delete-events.ts';
import type { EraseRequest } from '../erasure/erase-events.ts';
import type { AttemptColumns, EventColumns } from './columns.ts';

/** What the main thread asks of the writer thread. Rows cross as columns. */
export interface WriterCalls {
  /** Answered when the store is open. */
  open(): Opened;
  /** Before the first commit. */
  useNumberKey(key: Uint8Array): void;
  /**
   * @param acceptedAt when the events were accepted, where their numbers do not say so
   * @param givenUp events of which no more parts come, since whoever called was told of a failure
   */
  commit(events: EventColumns, acceptedAt: number | null, givenUp: readonly number[]): Stored;
  bringBack(now: number, after: RetryPlace | null): BroughtBack;
  /**
   * Some ms of it, less where a commit waits: gives how many of the events were dealt with.
   * @param commitsAsked before this, see `asked-commits.ts`
   */
  eraseEvents(request: EraseRequest, commitsAsked: number): ErasedEvents;
  deleteEvents(request: DeleteRequest, commitsAsked: number): number;
  probe(): void;
  /** How long things are kept from now on. */
  keep(keeps: Keeps): void;
  /** Ends some of what is kept for too long, less where a commit waits. */
  cut(request: CutRequest, commitsAsked: number): CutPiece;
  close(): void;
}

/** What the writer thread tells the main thread. */
export interface WriterNews {
  /** A commit of attempts alone, that couriers asked for, failed. */
  attemptsRefused(failure: ErrorMessage): void;
}

/** What a courier asks of the writer thread and tells it, over a port of its own. Answers come in the order of the calls. */
export interface StoreCalls {
  /** {@link StoreNews} say when it is on disk. */
  record(attempts: AttemptColumns): void;
  loadPending(request: PendingRequest): readonly LoadedRow[];
  loadRetries(webhookId: string, now: number, limit: number): DueRows;
  loadThese(webhookId: string, deliveries: readonly number[]): readonly LoadedRow[];
  /** It needs to hear of no new delivery of this webhook, until a load brings the last, or it says so. */
  leave(webhookId: string): void;
  heedAgain(webhookId: string): void;
  waiting(): readonly WaitingRow[];
  requeueMany(request: RequeueRows): readonly RequeuedRow[];
  /** Some at a time: gives how many, 0 when there are no more. */
  skipWaiting(webhookId: string, reason: string, now: number): number;
  skipDeliveries(webhookId: string, deliveries: readonly number[], reason: string, now: number): Skipped;
  probe(): void;
}

/** Those that are answered. */
export type AnsweredCalls = Omit<StoreCalls, 'record' | 'leave' | 'heedAgain'>;

/** What the writer thread tells a courier. */
export interface StoreNews {
  told(news: CommitNews): void;
  /** The disk did not take so many of the oldest `record` calls. */
  refused(failure: ErrorMessage, records: number): void;
}

export interface Opened {
  readonly lastSequence: number;
  /** As {@link DeliveryLog.latestAt}. */
  readonly latestAt: number;
}

/** Never-tried deliveries of a webhook behind a place in its queue. */
export interface PendingRequest {
  readonly webhookId: string;
  readonly due: number;
  readonly after: number;
  readonly limit: number;
  readonly mostCharacters: number;
}

export interface DueRows {
  readonly rows: readonly LoadedRow[];
  /** When the next retry is due. */
  readonly next: number | null;
}

export interface WaitingRow {
  readonly webhook: string;
  readonly pending: number;
  readonly next: number | null;
}

/** {@link RequeueRequest} by the numbers that the tables have. */
export interface RequeueRows extends Omit<RequeueRequest, 'deliveryIds' | 'states'> {
  readonly deliveries: readonly number[];
  readonly states: readonly number[];
}

/** A delivery that was made due, and its message's key where its webhook wants order. */
export interface RequeuedRow {
  readonly delivery: number;
  readonly orderKey: number | null;
}

/** What came of ending some deliveries, and of those that waited behind them. */
export interface Skipped extends Pick<CommitAnswer, 'released' | 'overtaken'> {
  /** How many waited, and do no more. */
  readonly deliveries: number;
}

/** Behind this retry of the webhook; without a number: its first. */
export interface RetryPlace {
  readonly webhook: string;
  readonly due?: number;
  readonly seq?: number;
}

export interface BroughtBack {
  readonly moved: number;
  /** Where to go on; `null`: that was all. */
  readonly next: RetryPlace | null;
}

/** A stored event that a new one repeats. */
export interface SameEvent {
  readonly seq: number;
  readonly ownId: string | null;
  readonly deliveries: number;
  /** It has the same own id, but is another report. */
  readonly differs: boolean;
}

/** 0 for an event that was stored, else the one that it repeats. */
export type EventAnswer = 0 | SameEvent;

export interface CommitAnswer {
  readonly events: readonly EventAnswer[];
  /** New deliveries that cannot be sent yet, or never: they wait for their turn, or are outdated. */
  readonly withheld: readonly number[];
  /** Those of them that are outdated. */
  readonly outdated: readonly number[];
  /** Deliveries whose turn has come. */
  readonly released: readonly LoadedRow[];
  /** Deliveries that waited for their turn, and were outdated when it came. */
  readonly overtaken: readonly LoadedRow[];
}

/** What the main thread hears of a commit. */
export interface Stored extends Pick<CommitAnswer, 'events'> {
  /** As {@link EventLog.handedOver}, since the start. */
  readonly handedOver: number;
}

/** What a commit means for one courier. */
export interface CommitNews {
  readonly accepted: DeliveryColumns | null;
  /** New deliveries of webhooks that it left. */
  readonly left: number;
  /** Its deliveries whose turn has come. */
  readonly released: readonly LoadedRow[];
  /** Its deliveries that waited for their turn, and were outdated when it came. */
  readonly overtaken: readonly LoadedRow[];
  /** So many of the oldest `record` calls are on disk. */
  readonly recorded: number;
}
