/** Rows as plain arrays, in the order in which statements bind them. */

/** Of an event for very many webhooks, which is stored over several commits (`fan-outs.ts`). */
export interface FanOutPart {
  /** The place of this part's first webhook among all those of the event. */
  readonly from: number;
  /** How many webhooks the event has. */
  readonly of: number;
  /** The webhooks of the parts that follow, and those of them that want order; with the first part only. */
  readonly rest: readonly string[];
  readonly orderedRest: readonly string[];
  /** When the event was accepted, where its number does not say so. */
  readonly acceptedAt: number | null;
}

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
  /** Where the webhooks above are not all that the event has. */
  part: FanOutPart | null,
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
  counts: boolean,
  listMost: number | null,
];
