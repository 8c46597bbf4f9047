import { dayMs } from '../../../core/keeping.ts';
import { type Forgettable, invitationDays } from '../../ports/forgetting.ts';

/** Rows of one table that go when they are old. */
export interface OldRows {
  readonly what: Forgettable;
  readonly table: string;
  /** What they are walked by: a key of the table. */
  readonly key: readonly [string, ...string[]];
  /** SQL; the row is `old`, the times are the row of `clock`. Null: it stays. */
  readonly isOld: string;
  /** They lie in the order of age, so that behind a piece that is not old none is. */
  readonly oldestFirst?: true;
}

/** The instant before which what is kept for `days` is old; null where these are 0. */
function before(days: string): string {
  return `clock.now - nullif(${days}, 0) * ${dayMs}`;
}

const logDays = 'coalesce(account.keep_log_days, clock.log_days)';
const payloadDays = 'coalesce(account.keep_payload_days, clock.payload_days)';

function ofAccount(accountId: string, instant: string): string {
  return `(select ${instant} from clock join accounts as account on account.id = ${accountId})`;
}

/** `keepInEffect` in SQL: the log's time of an account, and its payload's, which is no longer. Null: for ever. */
const beforeLog = (accountId: string): string => ofAccount(accountId, before(logDays));
const beforePayload = (accountId: string): string =>
  ofAccount(
    accountId,
    before(
      `coalesce(min(nullif(${payloadDays}, 0), nullif(${logDays}, 0)), nullif(${payloadDays}, 0), nullif(${logDays}, 0))`,
    ),
  );
const beforeAudit = `(select ${before('audit_days')} from clock)`;

/** When its webhook was deleted; null: it is there. */
const webhookDeletedAt = `(select deleted_at from webhooks as webhook
  where webhook.account_id = old.account_id and webhook.id = old.webhook_id)`;

/** better-auth keeps instants as text, and takes them from the machine's clock. */
const machineNow = (shift = '+0 days'): string => `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '${shift}')`;

/** In an order in which what depends on something goes before it. */
export const oldRows: readonly OldRows[] = [
  {
    what: 'audit entries',
    table: 'audit',
    key: ['number'],
    isOld: `old.at < ${beforeAudit}`,
    oldestFirst: true,
  },
  {
    what: 'tasks',
    table: 'tasks',
    key: ['account_id', 'id'],
    isOld: `old.finished_at < ${beforePayload('old.account_id')}`,
  },
  {
    what: 'webhook versions',
    table: 'webhook_versions',
    key: ['account_id', 'webhook_id', 'version'],
    isOld: `coalesce(
      (select next.created_at from webhook_versions as next
        where (next.account_id, next.webhook_id) = (old.account_id, old.webhook_id) and next.version > old.version
        order by next.version limit 1),
      ${webhookDeletedAt}
    ) < ${beforeLog('old.account_id')}`,
  },
  {
    what: 'signing secrets',
    table: 'webhook_secrets',
    key: ['account_id', 'webhook_id', 'number'],
    isOld: `min(coalesce(old.expires_at, ${webhookDeletedAt}), coalesce(${webhookDeletedAt}, old.expires_at))
      < ${beforePayload('old.account_id')}`,
  },
  {
    what: 'webhooks',
    table: 'webhooks',
    key: ['account_id', 'id'],
    isOld: `old.deleted_at < ${beforeLog('old.account_id')}
      and not exists (select 1 from webhook_versions as v where (v.account_id, v.webhook_id) = (old.account_id, old.id))
      and not exists (select 1 from webhook_secrets as s where (s.account_id, s.webhook_id) = (old.account_id, old.id))`,
  },
  {
    what: 'breakers',
    table: 'open_breakers',
    key: ['webhook_id'],
    isOld: `not exists (select 1 from webhooks where id = old.webhook_id and deleted_at is null)`,
  },
  {
    what: 'invitations',
    table: 'members',
    key: ['id'],
    isOld: `old.created_at < (select ${before(String(invitationDays))} from clock) and old.last_seen_at is null
      and not exists (select 1 from auth_account where "userId" = old.person_id)
      and not exists (
        select 1 from auth_verification where "value" = old.person_id and "expiresAt" > ${machineNow()})`,
  },
  {
    what: 'people',
    table: 'auth_user',
    key: ['id'],
    // Somebody new has no role yet for a moment.
    isOld: `old."createdAt" < ${machineNow('-1 days')}
      and not exists (select 1 from members where person_id = old.id)`,
  },
  { what: 'sessions', table: 'auth_session', key: ['id'], isOld: `old."expiresAt" < ${machineNow()}` },
  { what: 'links', table: 'auth_verification', key: ['id'], isOld: `old."expiresAt" < ${machineNow()}` },
  {
    what: 'used portal links',
    table: 'used_portal_links',
    key: ['id'],
    isOld: 'old.expires_at < (select now from clock)',
  },
];
