import type { AttemptRow, EventRow, FanOutPart } from './row-types.ts';

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

export function packEvents(rows: readonly EventRow[]): EventColumns {
  return {
    seq: Float64Array.from(rows, (row) => row[0]),
    ownId: rows.map((row) => row[1]),
    account: rows.map((row) => row[2]),
    identity: rows.map((row) => row[3]),
    messageId: rows.map((row) => row[4]),
    transactionId: rows.map((row) => row[5]),
    mobileNumber: rows.map((row) => row[6]),
    body: rows.map((row) => row[7]),
    webhookIds: rows.map((row) => joined(row[8])),
    orderedWebhookIds: rows.map((row) => joined(row[9])),
    part: rows.map((row) => row[10]),
  };
}

export function unpackEvents(columns: EventColumns): EventRow[] {
  return columns.account.map((account, i) => [
    columns.seq[i] ?? 0,
    columns.ownId[i] ?? null,
    account,
    columns.identity[i] ?? '',
    columns.messageId[i] ?? '',
    columns.transactionId[i] ?? null,
    columns.mobileNumber[i] ?? null,
    columns.body[i] ?? '',
    split(columns.webhookIds[i]),
    split(columns.orderedWebhookIds[i]),
    columns.part[i] ?? null,
  ]);
}

export function packAttempts(rows: readonly AttemptRow[]): AttemptColumns {
  const numbers = new Float64Array(rows.length * numbersPerAttempt);
  let to = 0;
  for (const row of rows) {
    for (let i = 0; i < 6; i++) numbers[to++] = row[i] as number;
    numbers[to++] = row[6] ?? Number.NaN;
    numbers[to++] = row[7] ?? Number.NaN;
    numbers[to++] = row[10];
    numbers[to++] = row[11];
    numbers[to++] = row[13] ? 1 : 0;
    numbers[to++] = row[14] ? 1 : 0;
    numbers[to++] = row[15] ?? Number.NaN;
  }
  return {
    numbers,
    errorDetail: rows.map((row) => row[8]),
    responseBody: rows.map((row) => row[9]),
    reason: rows.map((row) => row[12]),
  };
}

export function unpackAttempts({ numbers, errorDetail, responseBody, reason }: AttemptColumns): AttemptRow[] {
  return errorDetail.map((detail, i) => {
    const from = i * numbersPerAttempt;
    const number = (place: number): number => numbers[from + place] ?? 0;
    const orNull = (place: number): number | null => (Number.isNaN(number(place)) ? null : number(place));
    return [
      number(0),
      number(1),
      number(2),
      number(3),
      number(4),
      number(5),
      orNull(6),
      orNull(7),
      detail,
      responseBody[i] ?? null,
      number(8),
      number(9),
      reason[i] ?? null,
      number(10) === 1,
      number(11) === 1,
      orNull(12),
    ];
  });
}

function joined(ids: readonly string[]): string {
  return ids.length === 1 ? (ids[0] ?? '') : ids.join(' ');
}

function split(ids: string | undefined): readonly string[] {
  return ids ? ids.split(' ') : [];
}
