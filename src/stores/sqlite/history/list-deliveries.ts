import type { DatabaseSync } from 'node:sqlite';
import { sequenceId } from '../../../core/ids.ts';
import { createDeliveryMatcher } from '../../../history/delivery-matcher.ts';
import { errorClassCode } from '../../codes.ts';
import { viewedState } from '../../history/viewed-state.ts';
import { acceptedAt } from '../../log/acceptance-clock.ts';
import type { DeliveryFilter, ListedDelivery } from '../../ports/history.ts';
import { spanOfTime } from '../acceptance-times.ts';
import type { PageAnswer, PageQuestion } from '../reader/page.ts';
import { createPageBounds } from '../reader/page-bounds.ts';
import type { Effort, Work } from '../reader/work.ts';
import { mostApart } from '../spacing.ts';
import { numberHasher } from '../thread/number-key.ts';
import { allowedWebhooks } from './allowed-webhooks.ts';
import { candidates } from './candidates.ts';
import { createHistoryReader, type DeliveryRow, deliveryFacts, type EventKey } from './rows.ts';

/** Others get between after so many rows that were looked at, some 3 µs each, and after each event that was read. */
const rowsTogether = 64;

const nothing = { item: null, read: 0 } as const;

/** What a page shows of a delivery that may match; `item` is `null` where it does not after all. */
interface Shown<T> {
  readonly item: T | null;
  /** Bytes of the event that were read to find out. */
  readonly read: number;
}

/** One page of the deliveries that match a filter, newest first. */
export function listDeliveries(
  db: DatabaseSync,
  request: PageQuestion<DeliveryFilter>,
  effort: Effort,
): Work<PageAnswer<ListedDelivery>> {
  const reader = createHistoryReader(db);
  const matches = createDeliveryMatcher(request.filter, numberHasher(db));
  return walk(db, request, effort, (delivery, key) => {
    const head = reader.head(key);
    if (!head) return nothing;
    const view = { ...deliveryFacts(delivery), event: head.event };
    return { item: matches(view) ? view : null, read: head.bytes };
  });
}

/** The ids of one page of {@link listDeliveries}; events are read only where the filter asks for what they hold. */
export function* listDeliveryIds(
  db: DatabaseSync,
  request: PageQuestion<DeliveryFilter>,
  effort: Effort,
): Work<PageAnswer<string>> {
  const { product, reportType, messageId, transactionId, mobileNumber } = request.filter;
  if ((product ?? reportType ?? messageId ?? transactionId ?? mobileNumber) !== undefined) {
    const { data, next } = yield* listDeliveries(db, request, effort);
    return { data: data.map(({ id }) => id), next };
  }
  const show = ({ seq }: DeliveryRow): Shown<string> => ({ item: sequenceId('dlv', seq), read: 0 });
  return yield* walk(db, request, effort, show);
}

function* walk<T>(
  db: DatabaseSync,
  { filter, limit, behind }: PageQuestion<DeliveryFilter>,
  effort: Effort,
  show: (delivery: DeliveryRow, key: EventKey) => Shown<T>,
): Work<PageAnswer<T>> {
  const webhooks = yield* allowedWebhooks(db, filter);
  const reader = createHistoryReader(db);
  // The event's number says when it was accepted; those of its deliveries may reach into the next millisecond.
  const accepted = spanOfTime(db, filter.from, filter.to);
  const span = {
    from: accepted.from,
    before: Math.min(behind ?? Number.MAX_SAFE_INTEGER, accepted.before + mostApart),
  };
  const allowed = webhooks && new Set(webhooks);
  const bounds = createPageBounds(effort);
  const data: T[] = [];
  let last = span.before;
  let rows = 0;

  function isAccepted({ event, accepted_at }: DeliveryRow): boolean {
    if (event < accepted.from || event >= accepted.before) return false;
    const at = acceptedAt(event, accepted_at);
    return at >= (filter.from ?? 0) && at < (filter.to ?? Number.MAX_SAFE_INTEGER);
  }

  function look(seq: number): Shown<T> {
    const delivery = reader.delivery(seq);
    if (!delivery || !isAccepted(delivery)) return nothing;
    if ((allowed && !allowed.has(delivery.webhook)) || !mayMatch(filter, delivery)) return nothing;
    const key = reader.key(delivery.event);
    if (!key || (filter.accountId !== null && key.account !== filter.accountId)) return nothing;
    return show(delivery, key);
  }

  for (const seq of candidates(db, filter, webhooks, span)) {
    if (seq === null) {
      yield;
      continue;
    }
    // Between two slices what was found may have moved to where it is found again.
    if (seq >= last) continue;
    if (data.length === limit || bounds.full) return { data, next: last };
    last = seq;
    const { item, read } = look(seq);
    if (item !== null) {
      data.push(item);
      bounds.added(JSON.stringify(item).length);
    }
    bounds.examined(read);
    if (read > 0 || ++rows % rowsTogether === 0) yield;
  }
  return { data, next: null };
}

/** Tells from the row alone, so that most of what does not match is never read whole. */
function mayMatch(filter: DeliveryFilter, row: DeliveryRow): boolean {
  return (
    (filter.state === undefined || viewedState(row) === filter.state) &&
    (filter.stateReason === undefined || row.reason === filter.stateReason) &&
    (filter.statusCode === undefined || row.status_code === filter.statusCode) &&
    (filter.errorClass === undefined || row.error_class === errorClassCode(filter.errorClass))
  );
}
