import type { EventHead } from '../../../core/event.ts';
import { bodyStart, decodeEvent, decodeEventHead } from '../../event-body.ts';
import type { Asking } from '../questions/questions.ts';
import { spacingOf } from '../spacing.ts';

/** A row of table `events` without its body, which may have 300 KB. */
export interface EventKey {
  readonly account: string;
  readonly seq: number;
  readonly id: string | null;
  readonly accepted_at: number;
  readonly deliveries: number;
  /** How far apart their numbers lie. */
  readonly spacing: number;
}

export interface EventRow extends EventKey {
  readonly body: string;
}

/** What lists show of an event. */
export interface ListedEvent extends EventKey {
  readonly head: EventHead;
  /** Of all of it. */
  readonly bytes: number;
}

/** Of an account that is marked as deleted nobody is shown anything, while what it had is being removed. */
const isShown =
  'not exists (select from accounts where accounts.id = events.account and deleted_at is not null)';
const keyColumns = `account, seq, own_id as id, accepted_at, deliveries, ${spacingOf()} as spacing`;

interface HeadRow extends EventKey {
  readonly start: string;
  readonly bytes: number;
}

/** These events by their numbers; those that there are. */
export async function readEventKeys(
  asking: Asking,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, EventKey>> {
  const rows = await asking.read<EventKey>(
    `select ${keyColumns} from events where seq = any($1::bigint[]) and ${isShown}`,
    [seqs],
  );
  return new Map(rows.map((row) => [row.seq, row]));
}

/** What lists show of these events, from the start of each alone. */
export async function readEventHeads(
  asking: Asking,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, ListedEvent>> {
  const rows = await asking.read<HeadRow>(
    `select ${keyColumns}, left(body, ${bodyStart}) as start, octet_length(body) as bytes
     from events where seq = any($1::bigint[]) and ${isShown}`,
    [seqs],
  );
  const found = new Map<number, ListedEvent>();
  for (const { start, ...row } of rows) {
    const head = decodeEventHead({ ...row, body: start }) ?? (await readWhole(asking, row.seq));
    if (head) found.set(row.seq, { ...row, head });
  }
  return found;
}

async function readWhole(asking: Asking, seq: number): Promise<EventHead | null> {
  const row = await readEvent(asking, seq);
  if (!row) return null;
  const { attributes: _attributes, message: _message, ...head } = decodeEvent(row);
  return head;
}

/** An event by its number. */
export async function readEvent(asking: Asking, seq: number): Promise<EventRow | null> {
  const [row] = await asking.read<EventRow>(
    `select ${keyColumns}, body from events where seq = $1 and ${isShown}`,
    [seq],
  );
  return row ?? null;
}
