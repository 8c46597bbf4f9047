import { answer, api } from './client.ts';
import { listQuery } from './pages.ts';
import type { components, operations } from './schema.d.ts';

export type AuditEntry = components['schemas']['AuditEntry'];
export type AuditChange = AuditEntry['changes'][number];
type Query = NonNullable<operations['listAuditEntries']['parameters']['query']>;

export const auditFilterNames = ['actor', 'action', 'target', 'from', 'to'] as const;

/** What the log is narrowed by; empty ones are left out. */
export type AuditFilters = { readonly [F in (typeof auditFilterNames)[number]]?: string | undefined };

/** @param accountId of one account, newest first; `null`: of the whole gateway */
export function auditQuery(accountId: string | null, filters: AuditFilters) {
  const known = Object.fromEntries(
    Object.entries({ ...filters, accountId: accountId ?? undefined }).filter(([, value]) => value),
  ) as Partial<Query>;
  return listQuery<AuditEntry>(['audit', accountId, filters], (cursor, signal) =>
    answer(api.GET('/v1/audit', { params: { query: { ...known, limit: 50, ...cursor } }, signal })),
  );
}
