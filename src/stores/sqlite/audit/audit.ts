import { HookwireError } from '../../../core/errors.ts';
import { parseSequenceId, sequenceAt, sequenceId } from '../../../core/ids.ts';
import type { AuditEntry, AuditStore, NewAuditEntry } from '../../ports/audit.ts';
import type { Statement } from '../thread/statements.ts';
import type { Threads } from '../thread/threads.ts';
import type { AuditRow } from './list.ts';

const always: Statement = { sql: 'select 1', parameters: [] };

/** The number is the entry's millisecond, or follows on the newest where that is later. */
const insert = `
  insert into audit values (
    max(?, coalesce((select max(number) from audit), 0) + 1),
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
  ) returning number`;

/** The audit log on SQLite. */
export function createSqliteAudit({ desk, reader }: Threads): AuditStore {
  return {
    async add(entries) {
      if (entries.length === 0) return [];
      const results = (await desk.applyIf(always, entries.map(insertion))) ?? [];
      return results.map(({ rows }) => sequenceId('aud', Number(rows[0]?.number)));
    },
    async recount(id, times) {
      const changes = JSON.stringify([{ field: 'times', from: null, to: times }]);
      await desk.query('update audit set changes = ? where number = ?', [
        changes,
        parseSequenceId('aud', id),
      ]);
    },
    async list(filter, { limit, cursor }) {
      const question = { filter, limit, behind: cursor === null ? null : readCursor(cursor) };
      const { data, next } = await reader.ask(filter.accountId, 'listAudit', question);
      return { data: data.map(toEntry), nextCursor: next === null ? null : sequenceId('aud', next) };
    },
  };
}

function insertion({ at, accountId, actor, action, target, changes, ip }: NewAuditEntry): Statement {
  return {
    sql: insert,
    parameters: [
      sequenceAt(at),
      at,
      accountId,
      actor.kind,
      actor.id,
      actor.name,
      action,
      target?.type ?? null,
      target?.id ?? null,
      target?.name ?? null,
      JSON.stringify(changes),
      ip,
    ],
  };
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
