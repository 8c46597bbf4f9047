import type { ClientBase } from 'pg';
import type { Traces } from '../../../core/traces.ts';
import { lastDeliveryOf } from '../spacing.ts';
import { type EventRow, hasTexts, ownAttempts, ownDeliveries } from './event-rows.ts';

/** Rows that are changed in one transaction; an event for a thousand webhooks has some thousand attempts. */
const rowsAtOnce = 300;

export interface ErasedTexts {
  /** Attempts that have lost something. */
  readonly erased: number;
  /** Nothing is left to do for this event. */
  readonly isAll: boolean;
}

/**
 * Erases what was answered to an event's deliveries: what names the person, some rows at a time.
 * @param traces `null`: all of it goes
 */
export async function eraseTexts(
  client: ClientBase,
  row: EventRow,
  traces: Traces | null,
): Promise<ErasedTexts> {
  if (row.deliveries === 0) return { erased: 0, isAll: true };
  let erased = 0;
  for (const table of ['deliveries', 'attempts'] as const) {
    const room = rowsAtOnce - erased;
    const here = await (traces ? hideIn(client, table, row, traces, room) : clear(client, table, row, room));
    erased += here;
    if (here === room) return { erased, isAll: false };
  }
  return { erased, isAll: true };
}

type Table = 'deliveries' | 'attempts';
const keyOf = {
  deliveries: { key: 'seq', number: 'attempts', own: () => ownDeliveries },
  attempts: { key: 'delivery', number: 'number', own: ownAttempts },
} as const;

async function clear(client: ClientBase, table: Table, row: EventRow, limit: number): Promise<number> {
  const { key, number, own } = keyOf[table];
  const { rowCount } = await client.query(
    `update ${table} set response_body = null, error_detail = null
     where account = $1 and ${key} > $2 and ${key} <= $3 and (${key}, ${number}) in
       (select ${key}, ${number} from ${table} where ${own(row)} and ${hasTexts} limit $4)`,
    [row.account, row.seq, lastDeliveryOf(row), limit],
  );
  return rowCount ?? 0;
}

interface Texts {
  readonly key: number;
  readonly number: number;
  readonly error_detail: string | null;
  readonly response_body: Buffer | null;
}

async function hideIn(
  client: ClientBase,
  table: Table,
  row: EventRow,
  { hiddenIn }: Traces,
  limit: number,
): Promise<number> {
  const { key, number, own } = keyOf[table];
  const ofEvent = [row.account, row.seq, lastDeliveryOf(row)];
  const { rows } = await client.query<Texts>(
    `select ${key} as key, ${number} as number, error_detail, response_body from ${table} where ${own(row)} and ${hasTexts}`,
    ofEvent,
  );
  const hidden: { readonly of: Texts; readonly detail: string | null; readonly body: Buffer | null }[] = [];
  for (const of of rows) {
    const text = of.response_body?.toString() ?? null;
    const [detail, shown] = [of.error_detail && hiddenIn(of.error_detail), text && hiddenIn(text)];
    if (detail === of.error_detail && shown === text) continue;
    hidden.push({
      of,
      detail,
      body: shown === text || shown === null ? of.response_body : Buffer.from(shown),
    });
    if (hidden.length === limit) break;
  }
  if (hidden.length === 0) return 0;
  await client.query(
    `update ${table} t set error_detail = h.detail, response_body = h.body
     from unnest($4::bigint[], $5::int[], $6::text[], $7::bytea[]) as h (key, number, detail, body)
     where t.account = $1 and t.${key} > $2 and t.${key} <= $3 and t.${key} = h.key and t.${number} = h.number`,
    [
      ...ofEvent,
      hidden.map(({ of }) => of.key),
      hidden.map(({ of }) => of.number),
      hidden.map(({ detail }) => detail),
      hidden.map(({ body }) => body),
    ],
  );
  return hidden.length;
}
