import type { AttemptRow, FanOutPart, NewEventRow } from '../../log/row-types.ts';

/**
 * Many rows as a few columns: structured clone takes 0.8 µs for an event and 0.4 µs for an attempt this way, and
 * 2.5 µs and 1.9 µs for each as a row.
 */
export interface EventColumns {
  readonly seq: Float64Array;
  readonly ownId: readonly (string | null)[];
  readonly account: readonly string[];
  readonly identity: readonly string[];
  readonly messageId: readonly string[];
  readonly transactionId: readonly (string | null)[];
  readonly mobileNumber: readonly (string | null)[];
  readonly body: readonly string[];
  /** Ids with a space between; ids have none in them. */
  readonly webhookIds: readonly string[];
  readonly orderedWebhookIds: readonly string[];
  readonly part: readonly (FanOutPart | null)[];
}

export interface AttemptColumns {
  /** {@link numbersPerAttempt} for each attempt; NaN stands for null. */
  readonly numbers: Float64Array;
  readonly errorDetail: readonly (string | null)[];
  readonly responseBody: readonly (string | null)[];
  readonly reason: readonly (string | null)[];
}

const numbersPerAttempt = 13;

export function packEvents(rows: readonly NewEventRow[]): EventColumns {
  return {
    seq: Float64Array.from(rows, (row) => row.seq),
    ownId: rows.map((row) => row.ownId),
    account: rows.map((row) => row.account),
    identity: rows.map((row) => row.identity),
    messageId: rows.map((row) => row.messageId),
    transactionId: rows.map((row) => row.transactionId),
    mobileNumber: rows.map((row) => row.mobileNumber),
    body: rows.map((row) => row.body),
    webhookIds: rows.map((row) => joined(row.webhookIds)),
    orderedWebhookIds: rows.map((row) => joined(row.orderedWebhookIds)),
    part: rows.map((row) => row.part),
  };
}

export function unpackEvents(columns: EventColumns): NewEventRow[] {
  return columns.account.map((account, i) => ({
    seq: columns.seq[i] ?? 0,
    ownId: columns.ownId[i] ?? null,
    account,
    identity: columns.identity[i] ?? '',
    messageId: columns.messageId[i] ?? '',
    transactionId: columns.transactionId[i] ?? null,
    mobileNumber: columns.mobileNumber[i] ?? null,
    body: columns.body[i] ?? '',
    webhookIds: split(columns.webhookIds[i]),
    orderedWebhookIds: split(columns.orderedWebhookIds[i]),
    part: columns.part[i] ?? null,
  }));
}

export function packAttempts(rows: readonly AttemptRow[]): AttemptColumns {
  const numbers = new Float64Array(rows.length * numbersPerAttempt);
  let to = 0;
  for (const row of rows) {
    numbers[to++] = row.delivery;
    numbers[to++] = row.number;
    numbers[to++] = row.webhookVersion;
    numbers[to++] = row.manual;
    numbers[to++] = row.startedAt;
    numbers[to++] = row.durationMs;
    numbers[to++] = row.statusCode ?? Number.NaN;
    numbers[to++] = row.errorClass ?? Number.NaN;
    numbers[to++] = row.state;
    numbers[to++] = row.due;
    numbers[to++] = row.ordered ? 1 : 0;
    numbers[to++] = row.counts ? 1 : 0;
    numbers[to++] = row.listMost ?? Number.NaN;
  }
  return {
    numbers,
    errorDetail: rows.map((row) => row.errorDetail),
    responseBody: rows.map((row) => row.responseBody),
    reason: rows.map((row) => row.reason),
  };
}

export function unpackAttempts({ numbers, errorDetail, responseBody, reason }: AttemptColumns): AttemptRow[] {
  return errorDetail.map((detail, i) => {
    const from = i * numbersPerAttempt;
    const number = (place: number): number => numbers[from + place] ?? 0;
    const orNull = (place: number): number | null => (Number.isNaN(number(place)) ? null : number(place));
    return {
      delivery: number(0),
      number: number(1),
      webhookVersion: number(2),
      manual: number(3),
      startedAt: number(4),
      durationMs: number(5),
      statusCode: orNull(6),
      errorClass: orNull(7),
      errorDetail: detail,
      responseBody: responseBody[i] ?? null,
      state: number(8),
      due: number(9),
      reason: reason[i] ?? null,
      ordered: number(10) === 1,
      counts: number(11) === 1,
      listMost: orNull(12),
    };
  });
}

function joined(ids: readonly string[]): string {
  return ids.length === 1 ? (ids[0] ?? '') : ids.join(' ');
}

function split(ids: string | undefined): readonly string[] {
  return ids ? ids.split(' ') : [];
}
