import { fewestDigits } from '../../../core/number-search.ts';
import { isNumber, normalNumber } from '../../../shared/normal-number.ts';
import type { WebhookFilter } from '../../ports/directory.ts';
import { behindPosition, type Position, upToPosition } from '../pages.ts';
import { pieceRows, type WalkedPage, walkPage } from '../walk-page.ts';
import type { DirectoryStore } from './directory-store.ts';
import { foldCase, selectWebhooks, type WebhookRow } from './webhook-rows.ts';

/** One page of the webhooks that pass a filter, newest first. What is looked for in their text is in no index. */
export function listWebhooks(
  { db, words, listRows }: Pick<DirectoryStore, 'db' | 'words' | 'listRows'>,
  { accountId, product, reportType, status, q }: WebhookFilter,
  limit: number,
  from: Position | null,
): Promise<WalkedPage<WebhookRow, Position>> {
  // Then the index alone finds them.
  const all = [product, reportType, status, q].every((wanted) => wanted === undefined);
  const matches = (text: string) => words.contains('webhooks.search_text', text);
  return walkPage(
    {
      async endOf(behind) {
        if (all) return null;
        let query = db.selectFrom('webhooks').select(['created_at', 'id']).where('deleted_at', 'is', null);
        if (accountId !== null) query = query.where('account_id', '=', accountId);
        if (behind !== null) query = query.where(behindPosition('webhooks', behind));
        const end = query
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1)
          .offset(pieceRows - 1);
        return (await listRows(accountId, end)).rows[0] ?? null;
      },

      rowsIn(behind, end, most) {
        let query = selectWebhooks(db);
        if (accountId !== null) query = query.where('webhooks.account_id', '=', accountId);
        if (behind !== null) query = query.where(behindPosition('webhooks', behind));
        if (end !== null) query = query.where(upToPosition('webhooks', end));
        if (product !== undefined) query = query.where('webhooks.product', '=', product);
        if (reportType !== undefined) query = query.where('webhooks.report_type', '=', reportType);
        if (status !== undefined) query = query.where('webhooks.status', '=', status);
        if (q !== undefined) query = query.where((eb) => eb.or(writingsOf(q).map(matches)));
        const newest = query.orderBy('webhooks.created_at', 'desc').orderBy('webhooks.id', 'desc');
        return listRows(accountId, newest.limit(most));
      },

      placeOf: ({ created_at, id }) => ({ created_at, id }),
    },
    limit,
    from,
  );
}

/** What is looked for, as the searched text has it; a number, or enough of one, as numbers are written there too. */
function writingsOf(q: string): readonly string[] {
  const number = normalNumber(q);
  return isNumber(number) && number.length >= fewestDigits ? [foldCase(q), number] : [foldCase(q)];
}
