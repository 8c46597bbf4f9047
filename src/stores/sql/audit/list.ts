import { type Selectable, type SqlBool, sql } from 'kysely';
import { sequenceAt } from '../../../core/ids.ts';
import type { AuditFilter } from '../../ports/audit.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { pieceRows, type WalkedPage, walkPage } from '../walk-page.ts';
import type { AuditTables } from './tables.ts';

export type AuditRow = Selectable<AuditTables['audit']>;

/**
 * One page of the entries that pass a filter, newest first, along the index of the target or the account. Actors and
 * actions are in none.
 */
export function listAudit(
  { db, listRows }: Pick<SqlDatabase, 'db' | 'listRows'>,
  { accountId, actor, action, target, from, to }: AuditFilter,
  limit: number,
  before: number | null,
): Promise<WalkedPage<AuditRow, number>> {
  function along(behind: number | null) {
    let query = db.selectFrom('audit');
    if (target !== undefined) query = query.where('target_id', '=', target);
    else if (accountId !== null) query = query.where('account_id', '=', accountId);
    if (from !== undefined) query = query.where('number', '>=', firstOf(from));
    if (behind !== null) query = query.where('number', '<', behind);
    return query.orderBy('number', 'desc');
  }

  // Then the index alone finds them: an account's own, whose account is there.
  const all = accountId !== null && [actor, action, target, to].every((wanted) => wanted === undefined);
  return walkPage(
    {
      async endOf(behind) {
        if (all) return null;
        const end = along(behind)
          .select('number')
          .limit(1)
          .offset(pieceRows - 1);
        return (await listRows(accountId, end)).rows[0]?.number ?? null;
      },

      rowsIn(behind, end, most) {
        let query = along(behind).selectAll().where(ofLiveAccount);
        if (end !== null) query = query.where('number', '>=', end);
        if (accountId !== null) query = query.where('account_id', '=', accountId);
        if (actor !== undefined) query = query.where(isBy(actor));
        if (action !== undefined) query = query.where('action', '=', action);
        if (from !== undefined) query = query.where('at', '>=', from);
        if (to !== undefined) query = query.where('at', '<', to);
        return listRows(accountId, query.limit(most));
      },

      placeOf: ({ number }) => number,
    },
    limit,
    before,
  );
}

/** Nobody is shown what an account did that is being removed. */
const ofLiveAccount = sql<SqlBool>`(account_id is null
  or account_id not in (select id from accounts where deleted_at is not null))`;

/** The lowest number of an instant; the furthest instants have none that a table can hold. */
function firstOf(at: number): number {
  return Math.min(sequenceAt(at), Number.MAX_SAFE_INTEGER);
}

function isBy(actor: string) {
  return sql<SqlBool>`(actor_id = ${actor} or lower(actor_name) = lower(${actor}))`;
}
