import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { dayMs } from '../../../core/keeping.ts';
import { type ForgetTimes, type Forgettable, invitationDays } from '../../ports/forgetting.ts';

/** Rows of one table that go when they are old. */
export interface OldRows {
  readonly what: Forgettable;
  readonly table: string;
  /** What they are walked by: a key of the table. */
  readonly key: readonly [string, ...string[]];
  /** The row is `old`. Null: it stays. */
  isOld(times: ForgetTimes): RawBuilder<SqlBool>;
  /** They lie in the order of age, so that behind a piece that is not old none is. */
  readonly oldestFirst?: true;
}

type Instant = RawBuilder<number | null>;

/** The lower one; the other where one is null. */
function lower(one: RawBuilder<unknown>, other: RawBuilder<unknown>) {
  return sql<number | null>`(case when ${one} < ${other} then ${one} else coalesce(${other}, ${one}) end)`;
}

/** The instant before which what an account keeps for `days` is old; null where these are: for ever. */
function beforeOf(account: RawBuilder<unknown>, { now }: ForgetTimes, days: RawBuilder<unknown>): Instant {
  return sql<number | null>`(select cast(${now} as bigint) - ${days} * cast(${dayMs} as bigint)
    from accounts as account where account.id = ${account})`;
}

const accountOfOld = sql`old.account_id`;

/** `keepInEffect` in SQL: the days of an account, null for ever. */
const logDays = ({ keep }: ForgetTimes) => sql`nullif(coalesce(account.keep_log_days, ${keep.logDays}), 0)`;
const payloadDays = ({ keep }: ForgetTimes) =>
  sql`nullif(coalesce(account.keep_payload_days, ${keep.payloadDays}), 0)`;

const beforeLog = (times: ForgetTimes): Instant => beforeOf(accountOfOld, times, logDays(times));
/** A payload is kept no longer than the log. */
const beforePayload = (times: ForgetTimes): Instant =>
  beforeOf(accountOfOld, times, lower(payloadDays(times), logDays(times)));

/** When its webhook was deleted; null: it is there. */
const webhookDeletedAt = sql<number | null>`(select deleted_at from webhooks as webhook
  where webhook.account_id = old.account_id and webhook.id = old.webhook_id)`;

/** As the library that signs people in keeps instants. */
const isoOf = (at: number): string => new Date(at).toISOString();

/** In an order in which what depends on something goes before it. */
export const oldRows: readonly OldRows[] = [
  {
    what: 'audit entries',
    table: 'audit',
    key: ['number'],
    isOld: ({ now, auditDays }) =>
      auditDays === 0 ? sql<SqlBool>`false` : sql<SqlBool>`old.at < ${now - auditDays * dayMs}`,
    oldestFirst: true,
  },
  {
    what: 'tasks',
    table: 'tasks',
    key: ['account_id', 'id'],
    isOld: (times) => sql<SqlBool>`old.finished_at < ${beforePayload(times)}`,
  },
  {
    what: 'webhook versions',
    table: 'webhook_versions',
    key: ['account_id', 'webhook_id', 'version'],
    isOld: (times) => sql<SqlBool>`coalesce(
      (select next.created_at from webhook_versions as next
        where (next.account_id, next.webhook_id) = (old.account_id, old.webhook_id) and next.version > old.version
        order by next.version limit 1),
      ${webhookDeletedAt}
    ) < ${beforeLog(times)}`,
  },
  {
    what: 'signing secrets',
    table: 'webhook_secrets',
    key: ['account_id', 'webhook_id', 'number'],
    isOld: (times) => sql<SqlBool>`${lower(sql`old.expires_at`, webhookDeletedAt)} < ${beforePayload(times)}`,
  },
  {
    what: 'webhooks',
    table: 'webhooks',
    key: ['account_id', 'id'],
    isOld: (times) => sql<SqlBool>`old.deleted_at < ${beforeLog(times)}
      and not exists (select 1 from webhook_versions as v where (v.account_id, v.webhook_id) = (old.account_id, old.id))
      and not exists (select 1 from webhook_secrets as s where (s.account_id, s.webhook_id) = (old.account_id, old.id))`,
  },
  {
    what: 'breakers',
    table: 'open_breakers',
    key: ['webhook_id'],
    isOld: () =>
      sql<SqlBool>`not exists (select 1 from webhooks where id = old.webhook_id and deleted_at is null)`,
  },
  {
    what: 'invitations',
    table: 'members',
    key: ['id'],
    isOld: ({
      now,
    }) => sql<SqlBool>`old.created_at < ${now - invitationDays * dayMs} and old.last_seen_at is null
      and not exists (select 1 from auth_account where "userId" = old.person_id)
      and not exists (
        select 1 from auth_verification where "value" = old.person_id and "expiresAt" > ${isoOf(now)})`,
  },
  {
    what: 'people',
    table: 'auth_user',
    key: ['id'],
    // Somebody new has no role yet for a moment.
    isOld: ({ now }) => sql<SqlBool>`old."createdAt" < ${isoOf(now - dayMs)}
      and not exists (select 1 from members where person_id = old.id)`,
  },
  {
    what: 'sessions',
    table: 'auth_session',
    key: ['id'],
    isOld: ({ now }) => sql<SqlBool>`old."expiresAt" < ${isoOf(now)}`,
  },
  {
    what: 'links',
    table: 'auth_verification',
    key: ['id'],
    isOld: ({ now }) => sql<SqlBool>`old."expiresAt" < ${isoOf(now)}`,
  },
  {
    what: 'used portal links',
    table: 'used_portal_links',
    key: ['id'],
    isOld: ({ now }) => sql<SqlBool>`old.expires_at < ${now}`,
  },
];
