import type { DeliveryFilter } from '../../ports/history.ts';
import type { Asking } from '../questions/questions.ts';

/** A webhook as the keys of the tables begin with it. */
export interface WebhookPair {
  readonly account: string;
  readonly webhook: string;
}

/** Of a webhook that was changed more often it is not found out what it was before: its deliveries tell that. */
const versionsLookedAt = 20;

/**
 * The webhooks, deleted ones too, that a filter's webhook, product and report type leave; `null`: all, or more than `most`.
 * A webhook may have had another product in an earlier version; then it may be one too many, and never one too few.
 */
export async function allowedPairs(
  asking: Asking,
  { webhookId, product, reportType, accountId }: DeliveryFilter,
  most: number,
): Promise<readonly WebhookPair[] | null> {
  if (webhookId !== undefined) {
    if (accountId !== null) return [{ account: accountId, webhook: webhookId }];
    return asking.read('select account_id as account, id as webhook from webhooks where id = $1', [
      webhookId,
    ]);
  }
  if (product === undefined && reportType === undefined) return null;
  const member = (name: string, value: string | undefined): string | null =>
    value === undefined ? null : `"${name}":"${value}"`;
  // With `exists` the versions of all webhooks might be read, to be looked up.
  const pairs = await asking.read<WebhookPair>(
    `select account_id as account, id as webhook from webhooks where ($1::text is null or account_id = $1)
       and (($2::text is null or product = $2) and ($3::text is null or report_type = $3)
         or version > ${versionsLookedAt}
         or version > 1 and (
           select true from webhook_versions v where v.account_id = webhooks.account_id and v.webhook_id = webhooks.id
             and ($4::text is null or strpos(v.config, $4) > 0) and ($5::text is null or strpos(v.config, $5) > 0) limit 1))
     limit $6`,
    [
      ...[accountId, product ?? null, reportType ?? null],
      ...[member('product', product), member('reportType', reportType), most + 1],
    ],
  );
  return pairs.length > most ? null : pairs;
}

/** The webhooks of an account, or of all; `null`: they are more than `most`. */
export async function knownPairs(
  asking: Asking,
  accountId: string | null,
  most: number,
): Promise<readonly WebhookPair[] | null> {
  const pairs = await asking.read<WebhookPair>(
    'select account_id as account, id as webhook from webhooks where $1::text is null or account_id = $1 limit $2',
    [accountId, most + 1],
  );
  return pairs.length > most ? null : pairs;
}

/**
 * The webhooks of an account, or of all, for which something waits, by leaping through the key, some 20 µs each; `null`: they
 * are more than `most`.
 */
export async function waitingPairs(
  asking: Asking,
  accountId: string | null,
  most: number,
): Promise<readonly WebhookPair[] | null> {
  const [first, behind, order] =
    accountId === null
      ? ['$1::text is null', '(w.account, w.webhook) > (p.account, p.webhook)', 'account, webhook']
      : ['account = $1', 'w.account = $1 and w.webhook > p.webhook', 'webhook'];
  const pairs = await asking.read<WebhookPair>(
    `with recursive pairs (account, webhook) as (
       (select account, webhook from waiting where ${first} order by ${order} limit 1)
       union all
       select next.account, next.webhook from pairs p cross join lateral
         (select account, webhook from waiting w where ${behind} order by ${order} limit 1) as next
     )
     select account, webhook from pairs limit $2`,
    [accountId, most + 1],
  );
  return pairs.length > most ? null : pairs;
}

/** Whether at most `most` of what waits for these webhooks is in this part of it, an index of its own. */
export async function isFew(
  asking: Asking,
  pairs: readonly WebhookPair[],
  part: string,
  most: number,
): Promise<boolean> {
  const [found] = await asking.read<{ n: number }>(
    `select count(*) as n from (
       select from unnest($1::text[], $2::text[]) as p (account, webhook) cross join lateral
         (select from waiting w where w.account = p.account and w.webhook = p.webhook and ${part} limit $3) as few limit $3
     ) as counted`,
    [pairs.map(({ account }) => account), pairs.map(({ webhook }) => webhook), most + 1],
  );
  return (found?.n ?? 0) <= most;
}
