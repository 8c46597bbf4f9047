import { type QueuesQuestion, queueCountedAtMost, type WebhookQueue } from '../../ports/figures.ts';
import type { Asking } from '../questions/questions.ts';

/** The queue of a webhook, as its oldest delivery that was never tried says of it. */
export interface Pending {
  readonly webhook: string;
  readonly at: number;
}

/** Of so many webhooks for which something waits the oldest is looked at, some 30 µs each. */
const mostWebhooks = 10_000;

/** By leaping through the key of what waits; the table may have a million rows and few webhooks, or as many of both. */
const webhooksThatWait = `
  hooks (account, webhook) as (
    (select account, webhook from waiting order by account, webhook limit 1)
    union all
    select next.account, next.webhook from hooks h cross join lateral
      (select account, webhook from waiting w where (w.account, w.webhook) > (h.account, h.webhook)
       order by account, webhook limit 1) as next
  )`;

/** The first of a webhook's queue: its place there may be ahead of when its event was accepted, where the clock was set back. */
const firstOf = (webhook: string): string => `
  (select event, due, seq from waiting w where w.account = ${webhook}.account and w.webhook = ${webhook}.webhook
     and w.state = 1 and w.state <= 2 order by due, seq limit 1)`;

/** The enabled webhooks whose oldest never-tried delivery waits longest, the longest first. */
export async function oldestPending(asking: Asking, most: number): Promise<readonly Pending[]> {
  if (most === 0) return [];
  const rows = await asking.read<{ webhook: string; event: number; due: number }>(
    `with recursive ${webhooksThatWait}
     select h.webhook, first.event, first.due from (select * from hooks limit ${mostWebhooks}) as h
     join webhooks on webhooks.account_id = h.account and webhooks.id = h.webhook
       and webhooks.deleted_at is null and webhooks.status = 'enabled'
     cross join lateral ${firstOf('h')} as first
     order by first.due, first.seq limit $1`,
    [most],
  );
  return acceptedOf(asking, rows);
}

/** What waits for the webhooks that wait longest, and for some others. */
export async function readQueues(asking: Asking, { longest, also }: QueuesQuestion): Promise<WebhookQueue[]> {
  const ids = new Set([...(await oldestPending(asking, longest)).map(({ webhook }) => webhook), ...also]);
  if (ids.size === 0) return [];
  const rows = await asking.read<{ webhook: string; n: number; event: number | null; due: number }>(
    `select asked.webhook, counted.n, first.event, first.due
     from unnest($1::text[]) with ordinality as asked (webhook, n)
     left join webhooks on webhooks.id = asked.webhook
     cross join lateral (select webhooks.account_id as account, asked.webhook as webhook) as theirs
     cross join lateral (select count(*) as n from (
       select from waiting w where w.account = theirs.account and w.webhook = theirs.webhook and w.state <= 2
       limit ${queueCountedAtMost}) as few) as counted
     left join lateral ${firstOf('theirs')} as first on true
     order by asked.n`,
    [[...ids]],
  );
  const first = rows.flatMap(({ webhook, event, due }) => (event === null ? [] : [{ webhook, event, due }]));
  const since = new Map((await acceptedOf(asking, first)).map(({ webhook, at }) => [webhook, at]));
  return rows.map(({ webhook, n }) => ({
    ...{ webhookId: webhook, waiting: n, oldestPendingAt: since.get(webhook) ?? null },
  }));
}

async function acceptedOf(
  asking: Asking,
  firsts: readonly { readonly webhook: string; readonly event: number; readonly due: number }[],
): Promise<readonly Pending[]> {
  const rows = await asking.read<{ seq: number; accepted_at: number }>(
    'select seq, accepted_at from events where seq = any($1::bigint[])',
    [firsts.map(({ event }) => event)],
  );
  const accepted = new Map(rows.map((row) => [row.seq, row.accepted_at]));
  return firsts.map(({ webhook, event, due }) => ({ webhook, at: accepted.get(event) ?? due }));
}
