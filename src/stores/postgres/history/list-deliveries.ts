import { sequenceId } from '../../../core/ids.ts';
import { numberHash } from '../../../core/number-hash.ts';
import { createDeliveryMatcher } from '../../../history/delivery-matcher.ts';
import type { DeliveryFilter, ListedDelivery } from '../../ports/history.ts';
import type { Asking } from '../questions/questions.ts';
import { spanOfTime } from './acceptance.ts';
import { byTerms } from './by-terms.ts';
import { conditionsOf, isPossible } from './conditions.ts';
import { termsOf } from './event-terms.ts';
import { type EventKey, type ListedEvent, readEventHeads, readEventKeys } from './events.ts';
import { mostApart } from './fan-out.ts';
import { createPageBounds } from './page-bounds.ts';
import { planOf } from './plan.ts';
import { type DeliveryRow, deliveryFacts } from './rows.ts';
import type { Statement } from './statement.ts';
import { type Batch, type Walk, walk } from './walk.ts';

/** One page of a list, as it is asked for. */
export interface PageQuestion<Filter> {
  readonly filter: Filter;
  readonly limit: number;
  /** Only what is below this number, where the page before ended; `null`: from the beginning. */
  readonly behind: number | null;
}

export interface PageAnswer<Item> {
  readonly data: readonly Item[];
  /** Where the next page goes on; `null` at the end. */
  readonly next: number | null;
}

/** What lists depend on beside what is stored. */
export interface ListContext {
  /** Of the gateway; phone numbers are found by it. */
  readonly numberKey: Uint8Array;
  readonly now: number;
}

const end = { data: [], next: null } as const;

/** One page of the deliveries that match a filter, newest first. */
export function listDeliveries(
  asking: Asking,
  context: ListContext,
  question: PageQuestion<DeliveryFilter>,
): Promise<PageAnswer<ListedDelivery>> {
  const matches = createDeliveryMatcher(question.filter, (number) => numberHash(context.numberKey, number));
  return page(asking, context, question, {
    read: readEventHeads,
    bytesOf: ({ bytes }: ListedEvent) => bytes,
    show(row, event) {
      const view = { ...deliveryFacts(row, event.accepted_at), event: event.head };
      return matches(view) ? view : null;
    },
  });
}

/** The ids of one page of {@link listDeliveries}; events are read only where the filter asks for what they hold. */
export async function listDeliveryIds(
  asking: Asking,
  context: ListContext,
  question: PageQuestion<DeliveryFilter>,
): Promise<PageAnswer<string>> {
  const { product, reportType, messageId, transactionId, mobileNumber } = question.filter;
  if ((product ?? reportType ?? messageId ?? transactionId ?? mobileNumber) !== undefined) {
    const { data, next } = await listDeliveries(asking, context, question);
    return { data: data.map(({ id }) => id), next };
  }
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = question.filter;
  return page(asking, context, question, {
    read: readEventKeys,
    bytesOf: () => 0,
    show: ({ seq }, { accepted_at: at }) => (at >= from && at < to ? sequenceId('dlv', seq) : null),
  });
}

/** How a page shows a delivery, of whose event it reads something. */
interface Showing<E extends EventKey, T> {
  read(asking: Asking, seqs: readonly number[]): Promise<ReadonlyMap<number, E>>;
  /** Bytes of the event that were read. */
  bytesOf(event: E): number;
  /** `null` where it does not match after all. */
  show(row: DeliveryRow, event: E): T | null;
}

async function page<E extends EventKey, T>(
  asking: Asking,
  context: ListContext,
  { filter, limit, behind }: PageQuestion<DeliveryFilter>,
  { read, bytesOf, show }: Showing<E, T>,
): Promise<PageAnswer<T>> {
  if (!isPossible(filter)) return end;
  const bounds = createPageBounds(asking);
  const data: T[] = [];
  let place = behind ?? Number.MAX_SAFE_INTEGER;
  for await (const { rows, examined, reached } of await batches(asking, context, filter, behind, limit + 1)) {
    const events = rows.length > 0 ? await read(asking, [...new Set(rows.map(({ event }) => event))]) : null;
    bounds.examined(examined, 0);
    for (const row of rows) {
      if (data.length === limit || bounds.full) return { data, next: place };
      place = row.seq;
      const event = events?.get(row.event);
      if (event?.account !== row.account) continue;
      bounds.examined(0, bytesOf(event));
      const item = show(row, event);
      if (item === null) continue;
      data.push(item);
      bounds.added(JSON.stringify(item).length);
    }
    place = reached;
    if (bounds.full) return { data, next: place };
  }
  return { data, next: null };
}

/** The candidates of a page in stretches. */
async function batches(
  asking: Asking,
  { numberKey, now }: ListContext,
  filter: DeliveryFilter,
  behind: number | null,
  wanted: number,
): Promise<AsyncGenerator<Batch>> {
  const accepted = await spanOfTime(asking, filter.from, filter.to);
  const walked: Walk = {
    plan: () => planOf(asking, filter),
    span: {
      from: accepted.from,
      before: Math.min(behind ?? Number.MAX_SAFE_INTEGER, accepted.before + mostApart),
    },
    now,
    wanted,
  };
  const terms = termsOf(filter, numberKey);
  if (!terms) return walk(asking, walked);
  const sought = {
    terms,
    isWanted: (account: string) => filter.accountId === null || filter.accountId === account,
    conditions: (statement: Statement) => conditionsOf(filter, null, statement),
  };
  return byTerms(asking, sought, walked);
}
