import type { ClientBase } from 'pg';
import { sequenceTime } from '../../../core/ids.ts';
import { dayOf, nameOf } from '../retention/partitions.ts';
import { lastDeliveryOf, type Numbering } from '../spacing.ts';

/** The tables that are partitioned by day. */
export const partitioned = ['events', 'deliveries', 'attempts'] as const;

/**
 * Notes that the days of these events hold what was erased, so that they are written anew; inside the transaction that erases.
 * All three tables of a day: before that something of an event was sent again, say, and left bytes where it was.
 */
export async function markDays(client: ClientBase, events: readonly Numbering[]): Promise<void> {
  if (events.length === 0) return;
  const numbers = new Set(events.flatMap((event) => [event.seq, lastDeliveryOf(event)]));
  const days = new Set([...numbers].map((number) => nameOf(dayOf(sequenceTime(number)))));
  const { rows } = await client.query<{ place: string }>(
    `select distinct coalesce(to_regclass(t || '_' || day)::text, t || '_other') as place
     from unnest($1::text[]) as t, unnest($2::text[]) as day`,
    [partitioned, [...days]],
  );
  await markTables(
    client,
    rows.map(({ place }) => place),
  );
}

/** The same of tables that are not partitioned. */
export async function markTables(client: ClientBase, places: readonly string[]): Promise<void> {
  if (places.length === 0) return;
  // In one order, so that two that erase do not wait for each other.
  await client.query(
    `insert into erased_places (place, mark)
     select place, nextval('erased_places_mark') from unnest($1::text[]) as place order by place
     on conflict (place) do update set mark = excluded.mark`,
    [places],
  );
}
