import type { DatabaseSync } from 'node:sqlite';
import type { ErasedKind, RestPlace } from '../../ports/erasures.ts';
import { prepare } from '../reader/work.ts';
import { count } from './counts.ts';

export interface DeleteRestRequest {
  readonly erasure: string;
  readonly accountId: string;
  readonly from: RestPlace | null;
}

interface Step {
  readonly kind: ErasedKind | null;
  /** Deletes some rows; gives how many, and where to go on (`null`: at the next step). */
  run(
    db: DatabaseSync,
    account: string,
    after: RestPlace['after'],
  ): { deleted: number; next: RestPlace['after'] | null };
}

const rowsAtOnce = 300;
/** Rows of statistics that are looked at: they lie by time, and an account's are among those of all. */
const rowsLookedAt = 2_000;

/** Of a table whose rows an index finds. @param mine what finds them, of the account `?1` */
function some(table: string, key: string, mine: string, kind: ErasedKind | null = null): Step {
  return {
    kind,
    run(db, account) {
      const sql = `delete from ${table} where (${key}) in (select ${key} from ${table} where ${mine} limit ${rowsAtOnce})`;
      const deleted = Number(prepare(db, sql).run(account).changes);
      return { deleted, next: deleted === rowsAtOnce ? [] : null };
    },
  };
}

/** Of a table that is walked along its key. @param mine what tells the account's rows, of the account `?` */
function walked(table: string, key: readonly string[], mine: string): Step {
  const columns = key.join(', ');
  const marks = key.map(() => '?').join(', ');
  return {
    kind: 'statistics',
    run(db, account, after) {
      const beyond = after.length > 0 ? `where (${columns}) > (${marks})` : '';
      const bound = prepare(
        db,
        `select ${columns} from ${table} ${beyond} order by ${columns} limit 1 offset ${rowsLookedAt - 1}`,
      ).get(...after);
      const last = bound ? key.map((column) => bound[column] as string | number) : null;
      const upTo = last ? `${beyond ? 'and' : 'where'} (${columns}) <= (${marks})` : '';
      const mineToo = `${beyond || upTo ? 'and' : 'where'} ${mine}`;
      const sql = `delete from ${table} ${beyond} ${upTo} ${mineToo}`;
      const deleted = Number(prepare(db, sql).run(...after, ...(last ?? []), account).changes);
      return { deleted, next: last };
    },
  };
}

const ownWebhooks = 'select id from webhooks where account_id = ?1';

/** In this order: what needs a row to be found goes before that row. */
const steps: readonly Step[] = [
  walked(
    'webhook_stats',
    ['resolution', 'start', 'webhook'],
    'webhook in (select id from webhooks where account_id = ?)',
  ),
  walked('webhook_totals', ['resolution', 'start', 'account', 'webhook'], 'account = ?'),
  some('told_steps', 'webhook, message', `webhook in (${ownWebhooks})`),
  some('open_breakers', 'webhook_id', `webhook_id in (${ownWebhooks})`),
  some('kept_answers', 'scope, key', 'scope = ?1', 'keptAnswers'),
  some('tasks', 'account_id, id', 'account_id = ?1', 'tasks'),
  some('audit', 'number', 'account_id = ?1', 'auditEntries'),
  some('api_keys', 'id', 'account_id = ?1'),
  some('senders', 'id', 'account_id = ?1'),
  some('members', 'id', 'account_id = ?1'),
  some('webhook_secrets', 'account_id, webhook_id, number', 'account_id = ?1'),
  some('webhook_versions', 'account_id, webhook_id, version', 'account_id = ?1', 'webhookVersions'),
  some('webhooks', 'account_id, id', 'account_id = ?1', 'webhooks'),
  some('gateway_secrets', 'name', `name in (select 'erasure/' || id from erasures where account_id = ?1)`),
  some('erasure_counts', 'erasure, kind', 'erasure in (select id from erasures where account_id = ?1)'),
  some('erasures', 'id', 'account_id = ?1'),
  some('accounts', 'id', 'id = ?1 and deleted_at is not null'),
];

/** Deletes what an account has beside its events, some rows at a time; its own row last. */
export function deleteRest(
  db: DatabaseSync,
  { erasure, accountId, from }: DeleteRestRequest,
): RestPlace | null {
  const { table, after } = from ?? { table: 0, after: [] };
  const step = steps[table];
  if (!step) return null;
  db.exec('begin immediate');
  const { deleted, next } = step.run(db, accountId, after);
  if (step.kind) count(db, erasure, { [step.kind]: deleted });
  db.exec('commit');
  if (next !== null) return { table, after: next };
  return steps[table + 1] ? { table: table + 1, after: [] } : null;
}
