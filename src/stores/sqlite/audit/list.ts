import type { DatabaseSync } from 'node:sqlite';
import { sequenceAt } from '../../../core/ids.ts';
import type { AuditAction, AuditActorKind, AuditFilter } from '../../ports/audit.ts';
import { hiddenAccounts } from '../reader/hidden-accounts.ts';
import type { PageAnswer, PageQuestion } from '../reader/page.ts';
import { createPageBounds } from '../reader/page-bounds.ts';
import { bytesOf } from '../reader/rows.ts';
import { type Effort, prepare, type Work } from '../reader/work.ts';

/** The columns of `migrations/009-audit.ts`. */
export interface AuditRow {
  readonly number: number;
  readonly at: number;
  readonly account_id: string | null;
  readonly actor_kind: AuditActorKind;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: AuditAction;
  readonly target_type: string | null;
  readonly target_id: string | null;
  readonly target_name: string | null;
  readonly changes: string;
  readonly ip: string | null;
}

/** So many are judged before others get between, some 1 µs each. */
const together = 500;

/**
 * One page of the entries that pass a filter, newest first, along the index of the target or the account. Actors and
 * actions are in none, so all may have to be judged; the others are read alone.
 */
export function* listAudit(
  db: DatabaseSync,
  { filter, limit, behind }: PageQuestion<AuditFilter>,
  effort: Effort,
): Work<PageAnswer<AuditRow>> {
  const { accountId, actor, action = null, target, from = null, to = null } = filter;
  const along =
    target !== undefined ? 'target_id = ?7' : accountId !== null ? 'account_id = ?8' : '?7 IS NULL';
  const walk = prepare(
    db,
    `SELECT number, (?3 IS NULL OR actor_id = ?3 OR lower(actor_name) = lower(?3)) AND (?4 IS NULL OR action = ?4)
       AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6) AND (?8 IS NULL OR account_id = ?8) AS fits
     FROM audit WHERE number < ?1 AND number >= ?2 AND ${along} ORDER BY number DESC LIMIT ${together}`,
  );
  const whole = prepare(db, 'SELECT * FROM audit WHERE number = ?');
  const first = from === null ? 0 : sequenceAt(from);
  const hidden = hiddenAccounts(db);
  const bounds = createPageBounds(effort);
  const found: AuditRow[] = [];
  let place = behind ?? Number.MAX_SAFE_INTEGER;
  for (;;) {
    const some = walk.all(place, first, actor ?? null, action, from, to, target ?? null, accountId);
    for (const { number, fits } of some) {
      if (found.length === limit || bounds.full) return { data: found, next: place };
      place = Number(number);
      bounds.examined(0);
      const row = fits === 1 ? (whole.get(place) as unknown as AuditRow | undefined) : undefined;
      if (!row || hidden.has(row.account_id)) continue;
      found.push(row);
      bounds.added(bytesOf(row));
    }
    if (some.length < together) return { data: found, next: null };
    yield;
  }
}
