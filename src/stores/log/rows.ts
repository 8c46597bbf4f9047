import type { AttemptRecord, Conclusion, QueuedDelivery } from '../../core/delivery.ts';
import type { Event } from '../../core/event.ts';
import { eventIdentity } from '../../core/event-identity.ts';
import { encodeEvent } from '../../core/event-text.ts';
import { parseSequenceId, sequenceId } from '../../core/ids.ts';
import { errorClassCode, stateCode } from '../codes.ts';
import { decodeEvent } from '../event-body.ts';
import type { NewEvent } from '../ports/delivery-log.ts';
import { acceptedAt } from './acceptance-clock.ts';
import type { LoadedRow } from './loaded-row.ts';
import type { AttemptRow, FanOutPart, NewEventRow } from './row-types.ts';

/** Why a report of an ordered webhook is skipped: one that says more was delivered. */
export const outdated = 'outdated';

/** Webhooks of an event, from one place to before another. */
export interface PartOfEvent {
  readonly from: number;
  readonly to: number;
  /** When the event was accepted, where its number does not say so. */
  readonly acceptedAt: number | null;
}

/** @param part what of the event is stored by this row, where that is not all */
export function eventRow(entry: NewEvent, seq: number, part: PartOfEvent | null = null): NewEventRow {
  const { event, ownId, webhookIds, orderedWebhookIds = [] } = entry;
  const ordered = new Set(part === null ? [] : orderedWebhookIds);
  const here = part === null ? webhookIds : webhookIds.slice(part.from, part.to);
  return {
    seq,
    ownId,
    account: event.accountId,
    identity: eventIdentity(event, ownId),
    messageId: event.messageId,
    transactionId: event.transactionId,
    mobileNumber: event.mobileNumber,
    body: encodeEvent(event),
    webhookIds: here,
    orderedWebhookIds: part === null ? orderedWebhookIds : here.filter((id) => ordered.has(id)),
    part: part === null ? null : fanOutPart(webhookIds, ordered, part),
  };
}

/** The event of a row that is not stored yet. */
export function newEventOf({ seq, ownId, account, body }: NewEventRow): Event {
  return decodeEvent({ seq, id: ownId, account, body });
}

function fanOutPart(
  webhookIds: readonly string[],
  ordered: ReadonlySet<string>,
  { from, to, acceptedAt }: PartOfEvent,
): FanOutPart {
  const rest = from === 0 ? webhookIds.slice(to) : [];
  const orderedRest = rest.filter((id) => ordered.has(id));
  return { from, of: webhookIds.length, rest, orderedRest, acceptedAt };
}

export function attemptRow(attempt: AttemptRecord): AttemptRow {
  const { after } = attempt;
  const ended = attempt.startedAt + attempt.durationMs;
  return {
    delivery: parseSequenceId('dlv', attempt.deliveryId) ?? 0,
    number: attempt.number,
    webhookVersion: attempt.webhookVersion,
    manual: attempt.manual ? 1 : 0,
    startedAt: attempt.startedAt,
    durationMs: attempt.durationMs,
    statusCode: attempt.statusCode,
    errorClass: errorClassCode(attempt.errorClass),
    errorDetail: attempt.errorDetail,
    responseBody: attempt.responseBody,
    state: stateCode(after.state),
    due: after.state === 'retrying' ? after.dueAt : ended,
    reason: after.state === 'failed' || after.state === 'skipped' ? after.reason : null,
    ordered: attempt.ordered,
    counts: attempt.counts ?? true,
    listMost: attempt.listMost ?? null,
  };
}

/** The row of a delivery that ends without an attempt. */
export function conclusionRow({ deliveryId, at, after, ordered }: Conclusion): AttemptRow {
  return {
    delivery: parseSequenceId('dlv', deliveryId) ?? 0,
    number: 0,
    webhookVersion: 0,
    manual: 0,
    startedAt: at,
    durationMs: 0,
    statusCode: null,
    errorClass: null,
    errorDetail: null,
    responseBody: null,
    state: stateCode(after.state),
    due: at,
    reason: after.reason,
    ordered,
    counts: false,
    listMost: null,
  };
}

/** How an ordered delivery has ended that was not worth sending any more. */
export function outdatedConclusion({ id: deliveryId, webhookId, queuedAt }: QueuedDelivery): Conclusion {
  return {
    deliveryId,
    webhookId,
    at: queuedAt,
    after: { state: 'skipped', reason: outdated },
    ordered: true,
  };
}

export function loadedDelivery(row: LoadedRow): QueuedDelivery {
  return {
    id: sequenceId('dlv', row.seq),
    webhookId: row.webhook,
    event: decodeEvent({ seq: row.event, id: row.id, account: row.account, body: row.body }),
    acceptedAt: acceptedAt(row.event, row.accepted_at),
    queuedAt: row.due,
    attempts: row.attempts,
    attemptsSinceReplay: row.since_replay,
    ...(row.counted_at !== null && { countedAt: row.counted_at }),
    ...(row.list_most !== null && { listMost: row.list_most }),
    manual: row.manual === 1,
    ordered: row.order_key !== null,
    size: row.body.length,
  };
}
