import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryFilter } from '../../ports/history.ts';
import { prepare, type Work } from '../reader/work.ts';

const together = 200;
/** Of a webhook that was changed more often it is not found out what it was before: its deliveries tell that. */
const versionsLookedAt = 20;

/**
 * The webhooks, deleted ones too, that a filter's webhook, product and report type leave; `null`: all. A webhook may have
 * had another product in an earlier version; then it may be one too many, and never one too few.
 */
export function* allowedWebhooks(db: DatabaseSync, filter: DeliveryFilter): Work<string[] | null> {
  if (filter.webhookId !== undefined) return [filter.webhookId];
  const { accountId, product = null, reportType = null, state, statusCode, errorClass } = filter;
  const ofProduct = product !== null || reportType !== null;
  if (!ofProduct && (accountId === null || (!state && statusCode === undefined && errorClass === undefined)))
    return null;

  const walk = prepare(
    db,
    `SELECT account_id, id, version, (?3 IS NULL OR product = ?3) AND (?4 IS NULL OR report_type = ?4) AS fits
     FROM webhooks WHERE (account_id, id) > (?1, ?2) AND (?5 IS NULL OR account_id = ?5)
     ORDER BY account_id, id LIMIT ${together}`,
  );
  const earlier = prepare(
    db,
    `SELECT 1 FROM webhook_versions WHERE account_id = ? AND webhook_id = ? AND (?3 IS NULL OR config ->> 'product' = ?3)
       AND (?4 IS NULL OR config ->> 'reportType' = ?4) LIMIT 1`,
  );
  const found: string[] = [];
  let place: readonly [account: string, id: string] = [accountId ?? '', ''];
  for (;;) {
    const rows = walk.all(...place, product, reportType, accountId);
    for (const row of rows) {
      const [account, id, version] = [String(row.account_id), String(row.id), Number(row.version)];
      place = [account, id];
      if (row.fits === 1 || version > versionsLookedAt) found.push(id);
      else if (version > 1) {
        if (earlier.get(account, id, product, reportType)) found.push(id);
        yield;
      }
    }
    if (rows.length < together) return found;
    yield;
  }
}
