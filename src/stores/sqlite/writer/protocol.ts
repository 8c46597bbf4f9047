import type { AttemptColumns, EventColumns } from './columns.ts';
import type { LoadedRow } from './loaded-row.ts';

/**
 * What goes between the main thread and the writer thread. Rows are plain arrays, and cross as columns.
 */

/** seq, own id, account, identity, message id, transaction id, mobile number, body, then its webhooks' ids. */
export type EventRow = readonly [
  seq: number,
  ownId: string | null,
  account: string,
  identity: string,
  messageId: string,
  transactionId: string | null,
  mobileNumber: string | null,
  body: string,
  webhookIds: readonly string[],
  /** Those of them that want order. */
  orderedWebhookIds: readonly string[],
];

/** An attempt with its effect; `number` is 0 for a delivery that ends without one. */
export type AttemptRow = readonly [
  delivery: number,
  number: number,
  webhookVersion: number,
  manual: number,
  startedAt: number,
  durationMs: number,
  statusCode: number | null,
  errorClass: number | null,
  errorDetail: string | null,
  responseBody: string | null,
  /** The delivery's new state, when it is due or ended, and why. */
  state: number,
  due: number,
  reason: string | null,
  ordered: boolean,
];

export type WriterRequest =
  | {
      readonly kind: 'commit';
      readonly events: EventColumns;
      readonly attempts: AttemptColumns;
    }
  | {
      readonly kind: 'loadPending';
      readonly webhookId: string;
      readonly due: number;
      readonly after: number;
      readonly limit: number;
    }
  | { readonly kind: 'loadRetries'; readonly webhookId: string; readonly now: number; readonly limit: number }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'requeue'; readonly delivery: number; readonly now: number }
  | {
      readonly kind: 'skipWaiting';
      readonly webhookId: string;
      readonly reason: string;
      readonly now: number;
    }
  | { readonly kind: 'close' };

/** 0 for an event that was stored, else the sequence number, own id and deliveries of the one it repeats. */
export type EventAnswer = 0 | readonly [seq: number, ownId: string | null, deliveries: number];

export interface CommitAnswer {
  readonly events: readonly EventAnswer[];
  /** New deliveries that cannot be sent yet, or never: they wait for their turn, or are outdated. */
  readonly withheld: readonly number[];
  /** Deliveries whose turn has come. */
  readonly released: readonly LoadedRow[];
}

export interface WriterAnswers {
  commit: CommitAnswer;
  loadPending: readonly LoadedRow[];
  loadRetries: { readonly rows: readonly LoadedRow[]; readonly next: number | null };
  waiting: readonly { readonly webhook: string; readonly pending: number; readonly next: number | null }[];
  requeue: string | null;
  skipWaiting: number;
  close: null;
}

export type WriterReply =
  | { readonly ready: true; readonly lastSequence: number }
  | { readonly answer: WriterAnswers[keyof WriterAnswers] }
  | { readonly failure: { readonly message: string; readonly code: string | null } };
