import type { Pool } from 'pg';
import type { ErasedKind, RestPlace } from '../../ports/erasures.ts';
import { inTransaction } from '../transaction.ts';
import { count } from './counts.ts';
import { markTables } from './marks.ts';

export interface DeleteRestRequest {
  readonly erasure: string;
  readonly accountId: string;
  readonly from: RestPlace | null;
}

interface Step {
  readonly table: string;
  /** What finds its rows by an index, of the account `$1`. */
  readonly mine: string;
  readonly kind: ErasedKind | null;
  /** There is more in it than ids, counts and what is sealed: it is written anew when rows of it are gone. */
  readonly hasTexts: boolean;
}

const rowsAtOnce = 1_000;

const ownErasures = 'select id from erasures where account_id = $1';

function texts(table: string, mine: string, kind: ErasedKind | null = null): Step {
  return { table, mine, kind, hasTexts: true };
}

function plain(table: string, mine: string, kind: ErasedKind | null = null): Step {
  return { table, mine, kind, hasTexts: false };
}

/** In this order: what needs a row to be found goes before that row. */
const steps: readonly Step[] = [
  plain('webhook_stats', 'account = $1', 'statistics'),
  plain('webhook_totals', 'account = $1', 'statistics'),
  plain('told_steps', 'account = $1'),
  plain('retention_left', 'account = $1'),
  plain('open_breakers', 'webhook_id in (select id from webhooks where account_id = $1)'),
  texts('kept_answers', 'scope = $1', 'keptAnswers'),
  texts('tasks', 'account_id = $1', 'tasks'),
  texts('audit', 'account_id = $1', 'auditEntries'),
  texts('api_keys', 'account_id = $1'),
  texts('senders', 'account_id = $1'),
  plain('members', 'account_id = $1'),
  plain('webhook_secrets', 'account_id = $1'),
  texts('webhook_versions', 'account_id = $1', 'webhookVersions'),
  texts('webhooks', 'account_id = $1', 'webhooks'),
  plain('gateway_secrets', `name in (select 'erasure/' || id from (${ownErasures}) as own)`),
  plain('erasure_counts', `erasure in (${ownErasures})`),
  texts('erasures', 'account_id = $1'),
  texts('accounts', 'id = $1 and deleted_at is not null'),
];

/** Deletes what an account has beside its events, some rows at a time; its own row last. */
export function deleteRest(
  pool: Pool,
  { erasure, accountId, from }: DeleteRestRequest,
): Promise<RestPlace | null> {
  return inTransaction(pool, 'read committed', async (client) => {
    const at = from?.table ?? 0;
    const step = steps[at];
    if (!step) return null;
    const { table, mine, kind, hasTexts } = step;
    const { rowCount } = await client.query(
      `delete from ${table} where ctid = any(array(select ctid from ${table} where ${mine} limit ${rowsAtOnce}))`,
      [accountId],
    );
    const deleted = rowCount ?? 0;
    if (kind) await count(client, erasure, { [kind]: deleted });
    if (hasTexts && deleted > 0) await markTables(client, [table]);
    if (deleted === rowsAtOnce) return { table: at, after: [] };
    return steps[at + 1] ? { table: at + 1, after: [] } : null;
  });
}
