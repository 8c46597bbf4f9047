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

/** A new event as the writer stores it, with its deliveries: what is looked for beside the text. */
export interface NewEventRow {
  readonly seq: number;
  readonly ownId: string | null;
  readonly account: string;
  readonly identity: string;
  readonly messageId: string;
  readonly transactionId: string | null;
  readonly mobileNumber: string | null;
  readonly body: string;
  readonly webhookIds: readonly string[];
  /** Those of them that want order. */
  readonly orderedWebhookIds: readonly string[];
  /** Where the webhooks above are not all that the event has. */
  readonly part: FanOutPart | null;
}

/** An attempt by the numbers that the tables have. */
export interface StoredAttempt {
  readonly delivery: number;
  readonly number: number;
  readonly webhookVersion: number;
  readonly manual: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly errorClass: number | null;
  readonly errorDetail: string | null;
  readonly responseBody: string | null;
}

/** An `AttemptRecord` or a `Conclusion` as it is recorded; `number` is 0 for a delivery that ends without an attempt. */
export interface AttemptRow extends StoredAttempt {
  /** The delivery's new state, when it is due or ended, and why. */
  readonly state: number;
  readonly due: number;
  readonly reason: string | null;
  readonly ordered: boolean;
  readonly counts: boolean;
  readonly listMost: number | null;
}
