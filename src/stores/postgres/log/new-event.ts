import { sequenceTime } from '../../../core/ids.ts';
import { nodeStride } from '../../../core/node-sequence.ts';
import type { NewEventRow } from '../../log/row-types.ts';
import { eventRow } from '../../log/rows.ts';
import type { NewEvent } from '../../ports/delivery-log.ts';
import { hash53 } from '../../search/terms.ts';

/** An event on its way into the database. */
export interface IncomingRow {
  readonly entry: NewEvent;
  readonly row: NewEventRow;
  /** ms since the Unix epoch. */
  readonly acceptedAt: number;
  /** Which of the hashes of its identity it is stored under: another one where the first is that of another report. */
  readonly hash: number;
  readonly identity: number;
  /** The event that its identity is to be taken from, since that is too old to be the same, or gone. */
  readonly former: number | null;
  /** Webhooks that were other processes' when its commit began. */
  readonly elsewhere: readonly string[];
  /** All numbers under which it may be in the database, the latest last. */
  readonly numbers: readonly number[];
}

const none: readonly string[] = [];

/**
 * @param apart when it was accepted, where its number does not say so
 * @param owns which webhooks are this process's
 */
export function incomingRow(
  entry: NewEvent,
  seq: number,
  apart: number | null,
  owns: (webhookId: string) => boolean = () => true,
): IncomingRow {
  const row = eventRow(withoutNul(entry), seq);
  return {
    ...{ entry, row, acceptedAt: apart ?? sequenceTime(seq) },
    ...{ hash: 0, identity: identityHash(row.identity, 0), former: null, numbers: [seq] },
    elsewhere: row.webhookIds.every(owns) ? none : row.webhookIds.filter((id) => !owns(id)),
  };
}

/** What no text in the database can have, no id can have: of one that came so others must not pay for the refusal. */
function withoutNul(entry: NewEvent): NewEvent {
  return entry.ownId?.includes('\0') ? { ...entry, ownId: entry.ownId.replaceAll('\0', '\ufffd') } : entry;
}

/** The same under another number, with another hash or in another's place. */
export function renumbered(
  incoming: IncomingRow,
  seq: number,
  change: Partial<Pick<IncomingRow, 'hash' | 'former'>>,
): IncomingRow {
  const { hash, former } = { ...incoming, former: null, ...change };
  const row = { ...incoming.row, seq };
  // The same list: who tries the one again that it was made from finds it under the new number too.
  const numbers = incoming.numbers as number[];
  numbers.push(seq);
  return { ...incoming, row, hash, former, identity: identityHash(row.identity, hash) };
}

/** The number of an event's delivery. @param place among its webhooks, from 0 */
export function deliveryNumber(event: number, place: number): number {
  return event + nodeStride * (place + 1);
}

/** What the identity of an event is called in the table: accounts apart, two reports in 10^15 have the same. */
export function identityHash(identity: string, hash: number): number {
  return hash53(hash === 0 ? identity : `${identity}\u0000#${hash}`);
}
