import type { ClientBase, Pool } from 'pg';
import type { Traces } from '../../../core/traces.ts';
import {
  type AuditTexts,
  erasedAudit,
  erasedFilter,
  erasedTaskChanges,
  lostOfAnswer,
} from '../../erasure/rest-texts.ts';
import { createTally, type Tally } from '../../erasure/tally.ts';
import type { RestPlace } from '../../ports/erasures.ts';
import { inTransaction } from '../transaction.ts';
import { count } from './counts.ts';
import { markTables } from './marks.ts';

export interface EraseRestRequest {
  readonly erasure: string;
  readonly traces: Traces;
  /** `null`: all accounts. */
  readonly accountId: string | null;
  readonly from: RestPlace | null;
}

interface Context {
  readonly client: ClientBase;
  readonly traces: Traces;
  readonly tally: Tally;
}

/** A table with texts in which a person may be named. */
interface Table<Row = never> {
  readonly name: string;
  readonly columns: string;
  /** Which column says whose a row is. */
  readonly account: string;
  /** What it is walked by. */
  readonly key: readonly string[];
  erase(context: Context, row: Row): Promise<void>;
}

const rowsAtOnce = 200;

const tasks: Table<{ id: string; filter: string }> = {
  ...{ name: 'tasks', columns: 'id, filter', account: 'account_id', key: ['id'] },
  async erase({ client, traces, tally }, { id, filter }) {
    const hidden = erasedFilter(filter, traces);
    if (hidden === null) return;
    await client.query('update tasks set filter = $2 where id = $1', [id, hidden]);
    tally.add('tasks');
    await hideAudited(client, id, tally);
    await blurAnswers(client, `/v1/tasks/${id}`, tally);
  },
};

const audit: Table<AuditTexts & { number: number }> = {
  ...{ name: 'audit', columns: 'number, actor_name, target_id, target_name, changes' },
  ...{ account: 'account_id', key: ['number'] },
  async erase({ client, traces, tally }, row) {
    const after = erasedAudit(row, traces);
    if (!after) return;
    await client.query(
      'update audit set actor_name = $2, target_id = $3, target_name = $4, changes = $5 where number = $1',
      [row.number, after.actor_name, after.target_id, after.target_name, after.changes],
    );
    tally.add('auditEntries');
  },
};

const keptAnswers: Table<{ scope: string; key: string; location: string | null; body: string | null }> = {
  ...{ name: 'kept_answers', columns: 'scope, key, location, body', account: 'scope', key: ['scope', 'key'] },
  async erase({ client, traces, tally }, row) {
    const lost = lostOfAnswer(row, traces);
    if (lost === null) return;
    await client.query(
      lost === 'all'
        ? 'delete from kept_answers where scope = $1 and key = $2'
        : "update kept_answers set body = null, fingerprint = '' where scope = $1 and key = $2",
      [row.scope, row.key],
    );
    tally.add('keptAnswers');
  },
};

const tables: readonly Table[] = [tasks, audit, keptAnswers];

/** Erases a person from what is no event, some rows at a time. */
export function eraseRest(
  pool: Pool,
  { erasure, traces, accountId, from }: EraseRestRequest,
): Promise<RestPlace | null> {
  return inTransaction(pool, 'read committed', async (client) => {
    const { table, after } = from ?? { table: 0, after: [] };
    const walked = tables[table];
    if (!walked) return null;
    const tally = createTally();
    // The call that asked names them.
    if (from === null) await blurAnswers(client, `/v1/tasks/${erasure}`, tally);
    const rows = await nextRows(client, walked, accountId, after);
    for (const row of rows) await walked.erase({ client, traces, tally }, row as never);
    await count(client, erasure, tally.counts);
    if (Object.keys(tally.counts).length > 0) {
      await markTables(
        client,
        tables.map(({ name }) => name),
      );
    }
    const last = rows.at(-1);
    if (last && rows.length === rowsAtOnce)
      return { table, after: walked.key.map((column) => last[column] ?? '') };
    return tables[table + 1] ? { table: table + 1, after: [] } : null;
  });
}

/** Locked: who changes one of them would lose it, or bring back what was erased. */
async function nextRows(
  client: ClientBase,
  { name, columns, account, key }: Table,
  accountId: string | null,
  after: RestPlace['after'],
): Promise<readonly Readonly<Record<string, string | number>>[]> {
  const values: (string | number)[] = [...after];
  const conditions: string[] = [];
  if (after.length > 0)
    conditions.push(`(${key.join(', ')}) > (${after.map((_, i) => `$${i + 1}`).join(', ')})`);
  if (accountId !== null) conditions.push(`${account} = $${values.push(accountId)}`);
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  const { rows } = await client.query(
    `select ${columns} from ${name} ${where} order by ${key.join(', ')} limit ${rowsAtOnce} for update`,
    values,
  );
  return rows;
}

/** The audit log has of a task's number the last digits. */
async function hideAudited(client: ClientBase, task: string, tally: Tally): Promise<void> {
  const { rows } = await client.query<{ number: number; changes: string }>(
    'select number, changes from audit where target_id = $1 for update',
    [task],
  );
  for (const { number, changes } of rows) {
    await client.query('update audit set changes = $2 where number = $1', [
      number,
      erasedTaskChanges(changes),
    ]);
    tally.add('auditEntries');
  }
}

/** Of a call's body a hash is kept, which tells the number to who tries them all. */
async function blurAnswers(client: ClientBase, location: string, tally: Tally): Promise<void> {
  const { rowCount } = await client.query(
    "update kept_answers set fingerprint = '', body = null where location = $1 and fingerprint <> ''",
    [location],
  );
  tally.add('keptAnswers', rowCount ?? 0);
}
