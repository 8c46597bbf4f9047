/**
 * How a column of a moved table is written by both stores: `instant` is an ISO text here, and a moment of PostgreSQL's; `truth` is
 * 0 or 1 here; `counts` a list of numbers.
 */
export type ColumnKind = 'text' | 'number' | 'instant' | 'truth' | 'counts';

/** A table that both stores have, and that is moved row by row as it is. */
export interface MovedTable {
  readonly name: string;
  /** What it holds, for people. */
  readonly holds: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** What an empty store has in it already goes. */
  readonly replaces?: true;
  /** Columns that each store may understand in its own way. */
  readonly notCompared?: readonly string[];
}

/** A row of one: numbers, texts and lists, whatever store it is from. */
export type MovedRow = Readonly<Record<string, string | number | readonly number[] | null>>;

/** In an order in which each row finds those that it refers to. */
export const movedTables = [
  {
    name: 'accounts',
    holds: 'accounts',
    columns: {
      ...{ id: 'text', name: 'text', created_at: 'number', limits: 'text', keep_payload_days: 'number' },
      ...{ keep_log_days: 'number', deleted_at: 'number' },
    },
  },
  {
    name: 'api_keys',
    holds: 'API keys',
    columns: {
      ...{ id: 'text', account_id: 'text', name: 'text', scopes: 'text', hash: 'text', created_at: 'number' },
    },
  },
  { name: 'deleted_keys', holds: 'deleted API keys', columns: { number: 'number', hash: 'text' } },
  {
    name: 'senders',
    holds: 'numbers',
    columns: {
      ...{ account_id: 'text', id: 'text', product: 'text', product_unique_id: 'text', label: 'text' },
      created_at: 'number',
    },
  },
  {
    name: 'webhooks',
    holds: 'webhooks',
    columns: {
      ...{ account_id: 'text', id: 'text', product: 'text', report_type: 'text', status: 'text' },
      ...{ disabled_reason: 'text', search_text: 'text', version: 'number', created_at: 'number' },
      ...{ updated_at: 'number', deleted_at: 'number', failing_since: 'number', untold_disabling: 'number' },
    },
  },
  {
    name: 'webhook_versions',
    holds: 'versions of webhooks',
    columns: {
      ...{ account_id: 'text', webhook_id: 'text', version: 'number', config: 'text', created_at: 'number' },
    },
  },
  {
    name: 'webhook_secrets',
    holds: 'signing secrets',
    columns: {
      ...{ account_id: 'text', webhook_id: 'text', number: 'number', secret: 'text', expires_at: 'number' },
      created_at: 'number',
    },
  },
  {
    name: 'open_breakers',
    holds: 'endpoints that are given a rest',
    columns: { webhook_id: 'text', until: 'number', trips: 'number' },
  },
  {
    name: 'kept_answers',
    holds: 'answers kept for their Idempotency-Key',
    columns: {
      ...{
        scope: 'text',
        key: 'text',
        fingerprint: 'text',
        status: 'number',
        location: 'text',
        body: 'text',
      },
      at: 'number',
    },
  },
  {
    name: 'master_keys',
    holds: 'ids of master keys',
    columns: { id: 'text', current: 'number', since: 'number' },
  },
  {
    name: 'gateway_secrets',
    holds: "the gateway's own secrets",
    columns: { name: 'text', sealed: 'text' },
  },
  {
    name: 'tasks',
    holds: 'tasks that send again',
    columns: {
      ...{ account_id: 'text', id: 'text', kind: 'text', filter: 'text', states: 'text', state: 'text' },
      ...{ reason: 'text', total: 'number', done: 'number', failed: 'number', skipped: 'number' },
      ...{ progress: 'text', created_at: 'number', finished_at: 'number' },
    },
  },
  {
    name: 'erasures',
    holds: 'tasks that erase',
    columns: {
      ...{ id: 'text', kind: 'text', account_id: 'text', deleted_account_id: 'text', waiting: 'text' },
      ...{ actor_kind: 'text', actor_id: 'text', actor_name: 'text', state: 'text', place: 'text' },
      ...{ created_at: 'number', finished_at: 'number' },
    },
  },
  {
    name: 'erasure_counts',
    holds: 'what they erased, counted',
    columns: { erasure: 'text', kind: 'text', count: 'number' },
  },
  {
    name: 'trusted_time',
    holds: 'how late it is',
    columns: { id: 'number', at: 'number', ahead_ms: 'number', doubted_ms: 'number' },
  },
  {
    name: 'auth_user',
    holds: 'people',
    columns: {
      ...{ id: 'text', name: 'text', email: 'text', emailVerified: 'truth', image: 'text' },
      ...{ createdAt: 'instant', updatedAt: 'instant', confirmed: 'truth', era: 'number' },
    },
  },
  {
    name: 'auth_session',
    holds: 'sign-ins',
    columns: {
      ...{ id: 'text', expiresAt: 'instant', token: 'text', createdAt: 'instant', updatedAt: 'instant' },
      ...{ ipAddress: 'text', userAgent: 'text', userId: 'text', via: 'text', era: 'number' },
    },
  },
  {
    name: 'auth_account',
    holds: 'ways in',
    columns: {
      ...{ id: 'text', accountId: 'text', providerId: 'text', userId: 'text', accessToken: 'text' },
      ...{ refreshToken: 'text', idToken: 'text', accessTokenExpiresAt: 'instant' },
      ...{ refreshTokenExpiresAt: 'instant', scope: 'text', password: 'text', createdAt: 'instant' },
      updatedAt: 'instant',
    },
  },
  {
    name: 'auth_verification',
    holds: 'links that set passwords, and sign-ins under way',
    columns: {
      ...{ id: 'text', identifier: 'text', value: 'text', expiresAt: 'instant', createdAt: 'instant' },
      updatedAt: 'instant',
    },
  },
  {
    name: 'access_era',
    holds: 'revocations of access, counted',
    columns: { number: 'number' },
    replaces: true,
  },
  {
    name: 'members',
    holds: 'roles of people',
    columns: {
      ...{ id: 'text', person_id: 'text', account_id: 'text', role: 'text', created_at: 'number' },
      last_seen_at: 'number',
    },
  },
  {
    name: 'audit',
    holds: 'entries of the audit log',
    columns: {
      ...{ number: 'number', at: 'number', account_id: 'text', actor_kind: 'text', actor_id: 'text' },
      ...{ actor_name: 'text', action: 'text', target_type: 'text', target_id: 'text', target_name: 'text' },
      ...{ changes: 'text', ip: 'text' },
    },
  },
  {
    name: 'used_portal_links',
    holds: 'portal links that were used',
    columns: { id: 'text', expires_at: 'number' },
  },
  {
    name: 'told_steps',
    holds: 'how far ordered webhooks were told',
    columns: {
      ...{
        account: 'text',
        webhook: 'text',
        message: 'number',
        step: 'number',
        at: 'number',
        event: 'number',
      },
    },
  },
  {
    name: 'webhook_stats',
    holds: 'statistics of webhooks',
    columns: {
      ...{ account: 'text', webhook: 'text', resolution: 'number', start: 'number', attempts: 'number' },
      ...{
        delivered: 'number',
        failed: 'number',
        errors: 'counts',
        durations: 'counts',
        latencies: 'counts',
      },
    },
    // The embedded store finds it by the webhook, which may be gone.
    notCompared: ['account'],
  },
  {
    name: 'webhook_totals',
    holds: 'statistics of accounts',
    columns: {
      ...{ account: 'text', resolution: 'number', start: 'number', webhook: 'text', attempts: 'number' },
      ...{ delivered: 'number', failed: 'number' },
    },
  },
  {
    name: 'retention_cursors',
    holds: 'how far old contents are ended',
    columns: { id: 'number', clock: 'number', keep_ms: 'number', upto: 'number' },
    replaces: true,
    // One that stands within an event begins with that event again in the other store.
    notCompared: ['upto'],
  },
  {
    name: 'retention_members',
    holds: 'accounts with times of their own',
    columns: { account: 'text', clock: 'number', cursor: 'number' },
  },
  {
    name: 'retention_left',
    holds: 'old events that something needs',
    columns: { account: 'text', event: 'number', clock: 'number', look_at: 'number' },
  },
] as const satisfies readonly MovedTable[];

export type MovedTableName = (typeof movedTables)[number]['name'];

/** U+0000 is in no text of PostgreSQL's: what has one is kept with U+FFFD in its place, as everywhere there. */
export function withoutNul(text: string): string;
export function withoutNul(text: string | null): string | null;
export function withoutNul(text: string | null): string | null {
  return text?.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
