import { acceptedAtColumn } from '../acceptance-times.ts';

/** A delivery with its event, as a lane gets it. */
export interface LoadedRow {
  readonly seq: number;
  readonly webhook: string;
  readonly attempts: number;
  readonly since_replay: number;
  readonly counted_at: number | null;
  readonly list_most: number | null;
  readonly manual: number;
  readonly due: number;
  readonly order_key: number | null;
  readonly event: number;
  readonly id: string | null;
  readonly account: string;
  readonly body: string;
  /** When the event was accepted, where its number does not say so. */
  readonly accepted_at: number | null;
}

/** What a SELECT of {@link LoadedRow} begins with. */
export const loadColumns = `d.seq, d.webhook, d.attempts, d.since_replay, d.counted_at, d.list_most, d.manual, d.due, d.order_key, d.event, e.id, e.account, e.body,
  ${acceptedAtColumn('d.event')}
  FROM deliveries d JOIN events e ON e.seq = d.event`;
