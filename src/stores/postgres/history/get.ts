import { parseSequenceId } from '../../../core/ids.ts';
import { decodeEvent } from '../../event-body.ts';
import type { DeliveryDetail, StoredEvent } from '../../ports/history.ts';
import type { Asking } from '../questions/questions.ts';
import { deliveryNumbersOf } from '../spacing.ts';
import { readAttempts } from './attempts.ts';
import { deliveriesByNumbers } from './by-numbers.ts';
import { byOwnId } from './by-own-id.ts';
import { type EventRow, readEvent } from './events.ts';
import { deliveryFacts } from './rows.ts';

/** A delivery with its attempts, `null`: there is none. */
export async function getDelivery(asking: Asking, id: string): Promise<DeliveryDetail | null> {
  const seq = parseSequenceId('dlv', id);
  const [row] = seq === null ? [] : await deliveriesByNumbers(asking, [seq]);
  const event = row ? await readEvent(asking, row.event) : null;
  if (!row || event?.account !== row.account) return null;
  return {
    ...deliveryFacts(row, event.accepted_at),
    event: decodeEvent(event),
    attemptLog: await readAttempts(asking, row),
  };
}

/** By the gateway's id or by the caller's own; an operator who names no account is shown the newest that has it. */
export async function getEvent(
  asking: Asking,
  { id, accountId }: { readonly id: string; readonly accountId: string | null },
): Promise<StoredEvent | null> {
  const isShown = (row: EventRow | null): row is EventRow =>
    row !== null && (accountId === null || row.account === accountId);
  const seq = parseSequenceId('evt', id);
  const made = seq === null ? null : await readEvent(asking, seq);
  const row = isShown(made) && made.id === null ? made : await byOwnId(asking, id, accountId, isShown);
  if (!row) return null;
  const event = decodeEvent(row);
  const deliveries = (await deliveriesByNumbers(asking, deliveryNumbersOf(row))).filter(
    (delivery) => delivery.event === row.seq,
  );
  return {
    event,
    acceptedAt: row.accepted_at,
    deliveries: deliveries
      .map((delivery) => ({ ...deliveryFacts(delivery, row.accepted_at), event }))
      .reverse(),
  };
}
