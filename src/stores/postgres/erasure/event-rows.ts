import { type Numbering, spacingOf } from '../spacing.ts';

/** Of a row of table `events` what is looked through. */
export interface EventRow extends Numbering {
  readonly account: string;
  /** The id that its caller gave it. */
  readonly id: string | null;
  readonly body: string;
}

export const eventColumns = `seq, account, own_id as id, deliveries, ${spacingOf()} as spacing, body`;

/** The last attempts of deliveries, and those before them, of the event `$2` of the account `$1`, whose deliveries end at `$3`. */
export const ownDeliveries = 'account = $1 and seq > $2 and seq <= $3 and event = $2';
/** Other processes' numbers lie between those of one event's deliveries. */
export function ownAttempts({ spacing }: Numbering): string {
  return `account = $1 and delivery > $2 and delivery <= $3 and (delivery - $2) % ${Math.trunc(spacing)} = 0`;
}

/** Something is written that could name somebody. */
export const hasTexts = '(response_body is not null or error_detail is not null)';
