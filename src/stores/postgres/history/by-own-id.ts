import { ownIdIdentity } from '../../../core/event-identity.ts';
import { identityTerm } from '../../search/terms.ts';
import type { Asking } from '../questions/questions.ts';
import { storable } from '../sql/to-query.ts';
import { type EventRow, readEvent } from './events.ts';

const accountsTogether = 1_000;

/** The newest event that has this id of its account's: of one account, or of any (`null`). */
export async function byOwnId<Row extends EventRow>(
  asking: Asking,
  id: string,
  accountId: string | null,
  isShown: (row: EventRow | null) => row is Row,
): Promise<Row | null> {
  if (accountId !== null) return newestOf(asking, id, [accountId], isShown);
  let newest: Row | null = null;
  for (let place = ''; ; ) {
    const rows = await asking.read<{ id: string }>(
      `select id from accounts where id > $1 order by id limit ${accountsTogether}`,
      [place],
    );
    const accounts = rows.map((row) => row.id);
    const found = await newestOf(asking, id, accounts, isShown);
    if (found && found.seq > (newest?.seq ?? 0)) newest = found;
    place = accounts.at(-1) ?? '';
    if (accounts.length < accountsTogether) return newest;
  }
}

async function newestOf<Row extends EventRow>(
  asking: Asking,
  id: string,
  accounts: readonly string[],
  isShown: (row: EventRow | null) => row is Row,
): Promise<Row | null> {
  const found = await asking.read<{ seq: number }>(
    `select i.seq from unnest($1::text[], $2::bigint[]) as a (account, identity)
     join event_identities i on i.account = a.account and i.identity = a.identity order by i.seq desc`,
    [accounts, accounts.map((account) => identityTerm(ownIdIdentity(account, id)))],
  );
  for (const { seq } of found) {
    const row = await readEvent(asking, seq);
    if (isShown(row) && row.id === storable(id)) return row;
  }
  return null;
}
