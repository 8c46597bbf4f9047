import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { RowKey, TablePage } from '../../moving/moving-store.ts';
import {
  type ColumnKind,
  type MovedRow,
  type MovedTable,
  type MovedTableName,
  movedTables,
} from '../../moving/tables.ts';

/** Where a table's rows are, in which order; columns that another table has are named. */
interface Reading {
  readonly key: readonly string[];
  readonly from?: string;
  readonly columns?: Readonly<Record<string, string>>;
}

const byId: Reading = { key: ['id'] };
const readings: Readonly<Record<MovedTableName, Reading>> = {
  accounts: byId,
  api_keys: byId,
  deleted_keys: { key: ['number'] },
  senders: byId,
  webhooks: byId,
  webhook_versions: { key: ['account_id', 'webhook_id', 'version'] },
  webhook_secrets: { key: ['account_id', 'webhook_id', 'number'] },
  open_breakers: { key: ['webhook_id'] },
  kept_answers: { key: ['scope', 'key'] },
  master_keys: byId,
  gateway_secrets: { key: ['name'] },
  tasks: byId,
  erasures: byId,
  erasure_counts: { key: ['erasure', 'kind'] },
  trusted_time: byId,
  auth_user: byId,
  auth_session: byId,
  auth_account: byId,
  auth_verification: byId,
  access_era: { key: ['number'] },
  members: byId,
  audit: { key: ['number'] },
  used_portal_links: byId,
  // What is of no webhook any more is needed by nobody.
  told_steps: {
    key: ['t.webhook', 't.message'],
    from: 'told_steps AS t JOIN webhooks AS w ON w.id = t.webhook',
    columns: { account: 'w.account_id' },
  },
  webhook_stats: {
    key: ['t.resolution', 't.start', 't.webhook'],
    from: 'webhook_stats AS t LEFT JOIN webhooks AS w ON w.id = t.webhook',
    columns: { account: "coalesce(w.account_id, '')" },
  },
  webhook_totals: { key: ['resolution', 'start', 'account', 'webhook'] },
  // An event that was ended in part is begun again: behind it is where the other store goes on.
  retention_cursors: {
    key: ['t.id'],
    from: 'retention_cursors AS t',
    columns: {
      upto: `coalesce((SELECT e.seq - 1 FROM (SELECT seq, deliveries, spacing FROM events WHERE seq <= t.upto ORDER BY seq DESC LIMIT 1) AS e
        WHERE e.spacing IS NULL AND e.seq + e.deliveries > t.upto), t.upto)`,
    },
  },
  retention_members: { key: ['clock', 'account'] },
  retention_left: {
    key: ['t.clock', 't.event'],
    from: 'retention_left AS t JOIN events AS e ON e.seq = t.event',
    columns: { account: 'e.account' },
  },
};

const together = 500;

/** The next rows of a table. */
export function readTable(db: DatabaseSync, table: MovedTable, after: RowKey | null): TablePage {
  const { key, from = table.name, columns = {} } = readings[table.name as MovedTableName];
  const names = Object.keys(table.columns);
  const selected = names.map((name) => `${columns[name] ?? ownColumn(name, from)} AS "${name}"`);
  const keys = key.map((name, i) => `${name} AS key_${i}`);
  const behind = after === null ? '' : `WHERE (${key.join(', ')}) > (${key.map(() => '?').join(', ')})`;
  const rows = db
    .prepare(
      `SELECT ${[...selected, ...keys].join(', ')} FROM ${from} ${behind} ORDER BY ${key.join(', ')} LIMIT ${together}`,
    )
    .all(...((after ?? []) as SQLInputValue[]));
  const last = rows.length === together ? rows.at(-1) : undefined;
  return {
    rows: rows.map((row) => movedRow(table, row)),
    next: last ? key.map((_, i) => last[`key_${i}`] as string | number) : null,
  };
}

function ownColumn(name: string, from: string): string {
  return / AS t\b/.test(from) ? `t."${name}"` : `"${name}"`;
}

function movedRow({ columns }: MovedTable, row: Readonly<Record<string, unknown>>): MovedRow {
  return Object.fromEntries(Object.entries(columns).map(([name, kind]) => [name, moved(kind, row[name])]));
}

function moved(kind: ColumnKind, value: unknown): MovedRow[string] {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'instant':
      return new Date(value as string | number).toISOString();
    case 'counts':
      return JSON.parse(String(value)) as number[];
    case 'text':
      return String(value);
    default:
      return Number(value);
  }
}

/** How many rows there are, by table. */
export function countTables(db: DatabaseSync): Map<string, number> {
  const names = [...movedTables.map(({ name }) => name), 'events', 'deliveries', 'attempts'];
  return new Map(
    names.map((name) => [name, Number(db.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.n ?? 0)]),
  );
}
