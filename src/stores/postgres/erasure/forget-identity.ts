import type { ClientBase } from 'pg';
import { isCutText } from '../../../core/cut-event.ts';
import type { Event } from '../../../core/event.ts';
import { eventIdentity } from '../../../core/event-identity.ts';
import { hash53 } from '../../search/terms.ts';
import type { EventRow } from './event-rows.ts';

/** Of two reports with one hash the second is stored under the next one (`postgres/log/new-event.ts`); nobody has seen a third. */
const mostHashes = 3;

/** Takes away what a repetition of an event is known by; inside a transaction. */
export async function forgetIdentity(client: ClientBase, row: EventRow, event: Event): Promise<void> {
  if (isCutText(row.body) && row.id === null) {
    // What it said is gone, and with it how it is called: by its number it is found in a summary of the table alone.
    await client.query('delete from event_identities where seq = $1', [row.seq]);
    return;
  }
  const identity = eventIdentity(event, row.id);
  const hashes = Array.from({ length: mostHashes }, (_, i) =>
    hash53(i === 0 ? identity : `${identity}\u0000#${i}`),
  );
  await client.query('delete from event_identities where account = $1 and identity = any($2) and seq = $3', [
    ...[row.account, hashes, row.seq],
  ]);
}
