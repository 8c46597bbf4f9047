import type { ClientBase } from 'pg';
import type { RowKey, TablePage } from '../../moving/moving-store.ts';
import {
  type ColumnKind,
  type MovedRow,
  type MovedTable,
  type MovedTableName,
  movedTables,
} from '../../moving/tables.ts';

const byId = ['id'];
/** The keys of the tables. */
const keys: Readonly<Record<MovedTableName, readonly string[]>> = {
  accounts: byId,
  api_keys: byId,
  deleted_keys: ['number'],
  senders: ['account_id', 'id'],
  webhooks: ['account_id', 'id'],
  webhook_versions: ['account_id', 'webhook_id', 'version'],
  webhook_secrets: ['account_id', 'webhook_id', 'number'],
  open_breakers: ['webhook_id'],
  kept_answers: ['scope', 'key'],
  master_keys: byId,
  gateway_secrets: ['name'],
  tasks: ['account_id', 'id'],
  erasures: byId,
  erasure_counts: ['erasure', 'kind'],
  trusted_time: byId,
  auth_user: byId,
  auth_session: byId,
  auth_account: byId,
  auth_verification: byId,
  access_era: ['number'],
  members: byId,
  audit: ['number'],
  used_portal_links: byId,
  told_steps: ['account', 'webhook', 'message'],
  webhook_stats: ['account', 'webhook', 'resolution', 'start'],
  webhook_totals: ['account', 'resolution', 'start', 'webhook'],
  retention_cursors: byId,
  retention_members: ['account', 'clock'],
  retention_left: ['account', 'event', 'clock'],
};
/** What is of nothing any more is needed by nobody. */
const isNeeded: Partial<Record<MovedTableName, string>> = {
  told_steps:
    'exists (select from webhooks w where w.account_id = told_steps.account and w.id = told_steps.webhook)',
  retention_left:
    'exists (select from events e where e.account = retention_left.account and e.seq = retention_left.event)',
};
const together = 500;

/** The next rows of a table. */
export async function readTable(
  client: ClientBase,
  table: MovedTable,
  after: RowKey | null,
): Promise<TablePage> {
  const key = keys[table.name as MovedTableName];
  const columns = Object.keys(table.columns)
    .map((name) => `"${name}"`)
    .join(', ');
  const order = key.join(', ');
  const conditions = [
    ...(after === null ? [] : [`(${order}) > (${key.map((_, i) => `$${i + 1}`).join(', ')})`]),
    isNeeded[table.name as MovedTableName] ?? 'true',
  ];
  const { rows } = await client.query<Record<string, unknown>>(
    `select ${columns} from ${table.name} where ${conditions.join(' and ')} order by ${order} limit ${together}`,
    after === null ? [] : [...after],
  );
  const last = rows.length === together ? rows.at(-1) : undefined;
  return {
    rows: rows.map((row) => movedRow(table, row)),
    next: last ? key.map((name) => last[name] as string | number) : null,
  };
}

function movedRow({ columns }: MovedTable, row: Readonly<Record<string, unknown>>): MovedRow {
  return Object.fromEntries(Object.entries(columns).map(([name, kind]) => [name, moved(kind, row[name])]));
}

function moved(kind: ColumnKind, value: unknown): MovedRow[string] {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'instant':
      return (value as Date).toISOString();
    case 'counts':
      return (value as readonly string[]).map(Number);
    case 'truth':
      return value === true ? 1 : 0;
    case 'text':
      return String(value);
    default:
      return Number(value);
  }
}

/** How many rows there are, by table; deliveries and attempts wherever they are. */
export async function countTables(client: ClientBase): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const count = async (name: string, from: string): Promise<void> => {
    const { rows } = await client.query<{ n: number }>(`select count(*) as n from ${from}`);
    counts.set(name, rows[0]?.n ?? 0);
  };
  for (const { name } of movedTables) await count(name, name);
  await count('events', 'events');
  await count('deliveries', '(select 1 from waiting union all select 1 from deliveries) as d');
  await count(
    'attempts',
    '(select 1 from attempts union all select 1 from deliveries where started_at is not null) as a',
  );
  return counts;
}
