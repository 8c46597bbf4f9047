import { sql } from 'kysely';
import { HookwireError } from '../../../core/errors.ts';
import { parseSequenceId, sequenceAt, sequenceId } from '../../../core/ids.ts';
import type { AuditEntry, AuditStore, NewAuditEntry } from '../../ports/audit.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { type AuditRow, listAudit } from './list.ts';

export function createSqlAudit(database: SqlDatabase): AuditStore {
  const { db, applyIf } = database;

  function insertion({ at, accountId, actor, action, target, changes, ip }: NewAuditEntry) {
    return db
      .insertInto('audit')
      .values({
        number: nextNumber(at),
        at,
        account_id: accountId,
        actor_kind: actor.kind,
        actor_id: actor.id,
        actor_name: actor.name,
        action,
        target_type: target?.type ?? null,
        target_id: target?.id ?? null,
        target_name: target?.name ?? null,
        changes: JSON.stringify(changes),
        ip,
      })
      .returning('number');
  }

  return {
    async add(entries) {
      if (entries.length === 0) return [];
      const results = (await applyIf(db.selectNoFrom(sql`1`.as('always')), entries.map(insertion))) ?? [];
      return results.flat().map(({ number }) => sequenceId('aud', number));
    },
    async recount(id, times) {
      const changes = JSON.stringify([{ field: 'times', from: null, to: times }]);
      const number = parseSequenceId('aud', id);
      if (number === null) return;
      await db.updateTable('audit').set({ changes }).where('number', '=', number).execute();
    },
    async list(filter, { limit, cursor }) {
      const behind = cursor === null ? null : readCursor(cursor);
      const { rows, next } = await listAudit(database, filter, limit, behind);
      return { data: rows.map(toEntry), nextCursor: next === null ? null : sequenceId('aud', next) };
    },
  };
}

/** The entry's millisecond, or what follows on the newest where that is later. */
function nextNumber(at: number) {
  return sql<number>`(select max(number) from (
    select cast(${sequenceAt(at)} as bigint) as number
    union all select coalesce(max(number), 0) + 1 from audit) as numbers)`;
}

function readCursor(cursor: string): number {
  const number = parseSequenceId('aud', cursor);
  if (number !== null) return number;
  throw new HookwireError('invalid_request', 'The cursor is not one that a list gave as nextCursor.');
}

function toEntry(row: AuditRow): AuditEntry {
  const { target_type, target_id, target_name } = row;
  return {
    id: sequenceId('aud', row.number),
    at: row.at,
    accountId: row.account_id,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    target:
      target_type === null || target_id === null
        ? null
        : { type: target_type, id: target_id, name: target_name },
    changes: JSON.parse(row.changes),
    ip: row.ip,
  };
}
