import { Kysely, type Selectable, sql } from 'kysely';
import { HookwireError } from '../../../core/errors.ts';
import { parseSequenceId, sequenceAt, sequenceId } from '../../../core/ids.ts';
import type {
  AuditAction,
  AuditActorKind,
  AuditEntry,
  AuditStore,
  NewAuditEntry,
} from '../../ports/audit.ts';
import type { Desk } from '../desk/desk.ts';
import { createDeskDialect } from '../desk/kysely-dialect.ts';
import type { Statement } from '../desk/statements.ts';
import { rowsFor } from '../directory/pages.ts';

/** The columns of `migrations/009-audit.ts`. */
interface AuditTable {
  number: number;
  at: number;
  account_id: string | null;
  actor_kind: AuditActorKind;
  actor_id: string;
  actor_name: string;
  action: AuditAction;
  target_type: string | null;
  target_id: string | null;
  target_name: string | null;
  changes: string;
  ip: string | null;
}

const always: Statement = { sql: 'select 1', parameters: [] };

/** The number is the entry's millisecond, or follows on the newest where that is later. */
const insert = `
  insert into audit values (
    max(?, coalesce((select max(number) from audit), 0) + 1),
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
  )`;

/** The audit log on SQLite. */
export function createSqliteAudit(desk: Desk): AuditStore {
  const db = new Kysely<{ audit: AuditTable }>({ dialect: createDeskDialect(desk) });

  return {
    async add(entries) {
      if (entries.length > 0) await desk.applyIf(always, entries.map(insertion));
    },
    async list({ accountId, actor, action, target, from, to }, page) {
      let query = db.selectFrom('audit').selectAll().orderBy('number', 'desc');
      if (page.cursor !== null) query = query.where('number', '<', readCursor(page.cursor));
      if (accountId !== null) query = query.where('account_id', '=', accountId);
      if (actor !== undefined) {
        query = query.where((is) =>
          is.or([is('actor_id', '=', actor), is(sql`lower(actor_name)`, '=', actor.toLowerCase())]),
        );
      }
      if (action !== undefined) query = query.where('action', '=', action);
      if (target !== undefined) query = query.where('target_id', '=', target);
      if (from !== undefined) query = query.where('at', '>=', from).where('number', '>=', sequenceAt(from));
      if (to !== undefined) query = query.where('at', '<', to);
      const rows = await query.limit(rowsFor(page)).execute();
      const data = rows.slice(0, page.limit).map(toEntry);
      return { data, nextCursor: rows.length > page.limit ? (data.at(-1)?.id ?? null) : null };
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

function toEntry(row: Selectable<AuditTable>): AuditEntry {
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
