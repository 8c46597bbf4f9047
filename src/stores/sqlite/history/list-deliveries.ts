import type { DatabaseSync } from 'node:sqlite';
import { sequenceAt } from '../../../core/ids.ts';
import { createDeliveryMatcher } from '../../../history/delivery-matcher.ts';
import type { DeliveryFilter, ListedDelivery } from '../../ports/history.ts';
import { errorClassCode } from '../codes.ts';
import { decodeEventHead } from '../event-body.ts';
import { candidates, mostDeliveries } from './candidates.ts';
import { createHistoryReader, type DeliveryRow, deliveryFacts, type EventRow, viewedState } from './rows.ts';

export interface ListRequest {
  readonly filter: DeliveryFilter;
  readonly limit: number;
  /** Only deliveries with a lower sequence number: where the page before ended. */
  readonly before: number | null;
}

export interface ListAnswer {
  readonly data: readonly ListedDelivery[];
  /** Where the next page goes on; `null` at the end. */
  readonly next: number | null;
}

/**
 * How long deliveries are looked at for one page (some 3 µs each), so that no question holds the desk for long. A page
 * that ends there is short, and its cursor goes on. The first ones are always looked at: on a busy machine too a page is
 * short only where little matches.
 */
const longestExaminationMs = 50;
const alwaysExamined = 5_000;

/** One page of the deliveries that match a filter, newest first. */
export function listDeliveries(db: DatabaseSync, { filter, limit, before }: ListRequest): ListAnswer {
  const webhooks = allowedWebhooks(db, filter);
  const reader = createHistoryReader(db);
  const matches = createDeliveryMatcher(filter);
  // The event's number says when it was accepted; those of its deliveries may reach into the next millisecond.
  const accepted = {
    from: filter.from === undefined ? 0 : sequenceAt(filter.from),
    before: filter.to === undefined ? Number.MAX_SAFE_INTEGER : sequenceAt(filter.to),
  };
  const span = {
    from: accepted.from,
    before: Math.min(before ?? Number.MAX_SAFE_INTEGER, accepted.before + mostDeliveries),
  };
  const allowed = webhooks && new Set(webhooks);
  const data: ListedDelivery[] = [];
  const deadline = performance.now() + longestExaminationMs;
  let examined = 0;
  let last = 0;
  db.exec('BEGIN');
  try {
    for (const seq of candidates(db, filter, webhooks, span)) {
      if (data.length === limit) return { data, next: last };
      // The clock is looked at every 128th time.
      if (examined >= alwaysExamined && examined % 128 === 0 && performance.now() > deadline) {
        return { data, next: last };
      }
      examined++;
      last = seq;
      const delivery = reader.delivery(seq);
      if (!delivery || delivery.event < accepted.from || delivery.event >= accepted.before) continue;
      if ((allowed && !allowed.has(delivery.webhook)) || !mayMatch(filter, delivery)) continue;
      const event = reader.event(delivery.event);
      if (!event || !mayMatchAccount(filter, event)) continue;
      const view = { ...deliveryFacts(delivery), event: decodeEventHead(event) };
      if (matches(view)) data.push(view);
    }
    return { data, next: null };
  } finally {
    db.exec('COMMIT');
  }
}

/**
 * The webhooks, deleted ones too, that a filter's webhook, product and report type leave; `null`: all. A webhook may
 * have had another product in an earlier version.
 */
function allowedWebhooks(db: DatabaseSync, filter: DeliveryFilter): string[] | null {
  if (filter.webhookId !== undefined) return [filter.webhookId];
  const { accountId, product, reportType, state, statusCode, errorClass } = filter;
  if (
    product === undefined &&
    reportType === undefined &&
    (accountId === null || (!state && statusCode === undefined && errorClass === undefined))
  )
    return null;
  const rows = db
    .prepare(
      `SELECT id FROM webhooks WHERE (?1 IS NULL OR account_id = ?1) AND (?2 IS NULL AND ?3 IS NULL OR EXISTS
         (SELECT 1 FROM webhook_versions AS v WHERE v.account_id = webhooks.account_id AND v.webhook_id = webhooks.id
            AND (?2 IS NULL OR v.config ->> 'product' = ?2) AND (?3 IS NULL OR v.config ->> 'reportType' = ?3)))`,
    )
    .all(accountId, product ?? null, reportType ?? null);
  return rows.map((row) => String(row.id));
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

function mayMatchAccount(filter: DeliveryFilter, event: EventRow): boolean {
  return filter.accountId === null || event.account === filter.accountId;
}
