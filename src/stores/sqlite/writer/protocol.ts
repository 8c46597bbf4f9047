import type { AttemptColumns, EventColumns } from './columns.ts';
import type { DeliveryColumns } from './delivery-columns.ts';
import type { LoadedRow } from './loaded-row.ts';

/** Makes those of one webhook's deliveries due that are in one of these states. */
export interface RequeueRequest {
  readonly kind: 'requeueMany';
  readonly webhookId: string;
  readonly deliveries: readonly number[];
  readonly states: readonly number[];
  readonly ordered: boolean;
  readonly now: number;
}

/** A delivery that was made due, and its message's key where its webhook wants order. */
export type RequeuedRow = readonly [delivery: number, orderKey: number | null];

/** Behind this retry of the webhook; without a number: its first. */
export interface RetryPlace {
  readonly webhook: string;
  readonly due?: number;
  readonly seq?: number;
}

/** What goes from the main thread to the writer thread. Rows cross as columns. */
export type WriterRequest =
  | {
      readonly kind: 'commit';
      readonly events: EventColumns;
      /** When the events were accepted, where their numbers do not say so. */
      readonly acceptedAt: number | null;
    }
  | { readonly kind: 'bringBack'; readonly now: number; readonly after: RetryPlace | null }
  | { readonly kind: 'probe' }
  | { readonly kind: 'close' };

/** What goes from a courier to the writer thread, over a port of its own. */
export type CourierRequest =
  /** Not answered: {@link CourierReply} says when it is on disk. */
  | { readonly kind: 'record'; readonly attempts: AttemptColumns }
  | {
      readonly kind: 'loadPending';
      readonly webhookId: string;
      readonly due: number;
      readonly after: number;
      readonly limit: number;
      readonly mostCharacters: number;
    }
  | { readonly kind: 'loadRetries'; readonly webhookId: string; readonly now: number; readonly limit: number }
  /** Neither is answered. */
  | { readonly kind: 'leave'; readonly webhookId: string }
  | { readonly kind: 'heedAgain'; readonly webhookId: string }
  | { readonly kind: 'waiting' }
  | RequeueRequest
  | {
      readonly kind: 'skipWaiting';
      readonly webhookId: string;
      readonly reason: string;
      readonly now: number;
    }
  | { readonly kind: 'probe' };

/** What is answered, in the order of the requests of who asked. */
export type Question = Exclude<
  WriterRequest | CourierRequest,
  { kind: 'close' | 'record' | 'leave' | 'heedAgain' }
>;

/** A stored event that a new one repeats. `differs`: under the same own id, but it is another report. */
export type SameEvent = readonly [seq: number, ownId: string | null, deliveries: number, differs: boolean];

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

export interface WriterAnswers {
  commit: Pick<CommitAnswer, 'events' | 'withheld'>;
  loadPending: readonly LoadedRow[];
  loadRetries: { readonly rows: readonly LoadedRow[]; readonly next: number | null };
  waiting: readonly { readonly webhook: string; readonly pending: number; readonly next: number | null }[];
  requeueMany: readonly RequeuedRow[];
  skipWaiting: number;
  probe: null;
  bringBack: { readonly moved: number; readonly next: RetryPlace | null };
  close: null;
}

export interface WriterFailure {
  readonly message: string;
  readonly code: string | null;
  /** SQLite's extended result code, where it was SQLite that failed. */
  readonly sqliteCode?: number | null;
}

export type WriterReply =
  | { readonly ready: true; readonly lastSequence: number; readonly latestAt: number }
  | { readonly answer: WriterAnswers[keyof WriterAnswers] }
  | { readonly failure: WriterFailure }
  /** No answer: a commit of attempts alone, that couriers asked for, failed. */
  | { readonly refused: WriterFailure };

/** What the writer thread tells a courier. What is answered comes in the order of the requests. */
export type CourierReply =
  | Told
  | { readonly answer: WriterAnswers[keyof WriterAnswers] }
  | { readonly failure: WriterFailure }
  /** The disk did not take so many of the oldest `record` requests. */
  | { readonly refused: WriterFailure; readonly records: number };

/** What a commit means for one courier. */
export interface Told {
  readonly accepted: DeliveryColumns | null;
  /** New deliveries of webhooks that it left. */
  readonly left: number;
  /** Its deliveries whose turn has come. */
  readonly released: readonly LoadedRow[];
  /** Its deliveries that waited for their turn, and were outdated when it came. */
  readonly overtaken: readonly LoadedRow[];
  /** So many of the oldest `record` requests are on disk. */
  readonly recorded: number;
}
