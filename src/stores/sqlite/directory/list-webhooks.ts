import type { DatabaseSync } from 'node:sqlite';
import { fewestDigits } from '../../../core/number-search.ts';
import { isNumber, normalNumber } from '../../../shared/normal-number.ts';
import type { WebhookFilter } from '../../ports/directory.ts';
import type { PageAnswer, PageQuestion } from '../reader/page.ts';
import { createPageBounds } from '../reader/page-bounds.ts';
import { bytesOf } from '../reader/rows.ts';
import { type Effort, prepare, type Work } from '../reader/work.ts';
import type { Position } from './pages.ts';
import { foldCase, type WebhookRow } from './webhook-rows.ts';

/** So many are judged before others get between, some 2 µs each. */
const together = 200;

/**
 * One page of the webhooks that pass a filter, newest first. What is looked for in their text is in no index, so all may
 * have to be judged; the configuration of those that pass is read alone.
 */
export function* listWebhooks(
  db: DatabaseSync,
  { filter, limit, behind }: PageQuestion<WebhookFilter, Position>,
  effort: Effort,
): Work<PageAnswer<WebhookRow, Position>> {
  const { accountId, product = null, reportType = null, status = null, q } = filter;
  const walk = prepare(
    db,
    `SELECT id, created_at, (?3 IS NULL OR product = ?3) AND (?4 IS NULL OR report_type = ?4)
       AND (?5 IS NULL OR status = ?5) AND (?6 IS NULL OR instr(search_text, ?6) > 0
         OR instr(search_text, ?8) > 0) AS fits
     FROM webhooks WHERE deleted_at IS NULL AND (created_at, id) < (?1, ?2) AND ${accountId === null ? '?7 IS NULL' : 'account_id = ?7'}
     ORDER BY created_at DESC, id DESC LIMIT ${together}`,
  );
  const whole = prepare(
    db,
    `SELECT w.id, w.account_id, w.status, w.disabled_reason, w.failing_since, w.version, w.created_at, w.updated_at, v.config
     FROM webhooks w JOIN webhook_versions v ON (v.account_id, v.webhook_id, v.version) = (w.account_id, w.id, w.version)
     WHERE w.id = ?`,
  );
  const text = q === undefined ? null : foldCase(q);
  const number = q === undefined ? null : numberIn(q);
  const bounds = createPageBounds(effort);
  const found: WebhookRow[] = [];
  let place: Position = behind ?? { created_at: Number.MAX_SAFE_INTEGER, id: '' };
  for (;;) {
    const some = walk.all(place.created_at, place.id, product, reportType, status, text, accountId, number);
    for (const { id, created_at, fits } of some) {
      if (found.length === limit || bounds.full) return { data: found, next: place };
      place = { created_at: Number(created_at), id: String(id) };
      bounds.examined(0);
      if (fits !== 1) continue;
      const row = whole.get(place.id) as unknown as WebhookRow | undefined;
      if (!row) continue;
      found.push(row);
      bounds.added(bytesOf(row));
    }
    if (some.length < together) return { data: found, next: null };
    yield;
  }
}

/** A number, or enough of one, as the searched text has it; `null`: what is looked for is none. */
function numberIn(q: string): string | null {
  const number = normalNumber(q);
  return isNumber(number) && number.length >= fewestDigits ? number : null;
}
