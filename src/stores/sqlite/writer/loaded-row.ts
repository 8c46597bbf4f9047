import { acceptedAtColumn } from '../acceptance-times.ts';

/** What a SELECT of a `LoadedRow` begins with. */
export const loadColumns = `d.seq, d.webhook, d.attempts, d.since_replay, d.counted_at, d.list_most, d.manual, d.due, d.order_key, d.event, e.id, e.account, e.body,
  ${acceptedAtColumn('d.event')}
  FROM deliveries d JOIN events e ON e.seq = d.event`;
