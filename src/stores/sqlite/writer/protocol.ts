/**
 * What goes between the main thread and the writer thread. Rows are plain arrays: structured clone copies them at about
 * half the cost of objects.
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
];

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
];

/** A delivery with its event, as a lane loads it. */
export interface LoadedRow {
  readonly seq: number;
  readonly webhook: string;
  readonly attempts: number;
  readonly since_replay: number;
  readonly manual: number;
  readonly due: number;
  readonly event: number;
  readonly id: string | null;
  readonly account: string;
  readonly body: string;
}

export type WriterRequest =
  | {
      readonly kind: 'commit';
      readonly events: readonly EventRow[];
      readonly attempts: readonly AttemptRow[];
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

/** For each event 0 where it was stored, else the sequence number, own id and deliveries of the one it repeats. */
export type CommitAnswer = readonly (0 | readonly [seq: number, ownId: string | null, deliveries: number])[];

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
