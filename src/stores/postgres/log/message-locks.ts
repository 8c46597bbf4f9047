import type { ClientBase } from 'pg';
import { bigints, texts } from '../array-params.ts';

/** A queue of one message's reports for one webhook (`stores/log/order-key.ts`). */
export interface MessageQueue {
  readonly webhook: string;
  readonly key: number;
}

/**
 * Keeps everybody else from these queues until the transaction ends: who stores a report looks whether one before it waits, and
 * who ends a report looks whether one waits behind it. Two that look at the same moment see neither of the other's, and a report
 * would wait for ever, or go out beside the one before it.
 *
 * A lock on the row before would not do: there may be none yet, in two processes at once. So it is an advisory lock on the
 * queue's name; what is looked at comes in a statement of its own behind it, which sees what was committed until then. All
 * that a transaction needs it takes at once, in one order, before it changes anything: so no two wait for each other. Two queues
 * may share a lock, and wait needlessly.
 */
export async function lockQueues(client: ClientBase, queues: readonly MessageQueue[]): Promise<void> {
  if (queues.length === 0) return;
  await client.query(lockEach('unnest($1::text[], $2::bigint[]) as q (webhook, order_key)'), [
    texts(queues.map(({ webhook }) => webhook)),
    bigints(queues.map(({ key }) => key)),
  ]);
}

/** @param queues what to select `webhook` and `order_key` from */
export function lockEach(queues: string): string {
  return `select pg_advisory_xact_lock(lock) from (
    select distinct hashtextextended(webhook collate "C", order_key) as lock from ${queues}
    where order_key is not null order by 1 offset 0
  ) as locks`;
}
