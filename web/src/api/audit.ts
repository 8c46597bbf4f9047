import { call } from './call.ts';
import { listQuery, type Page } from './pages.ts';

export interface AuditChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  /** `null`: it was about the platform itself. */
  readonly accountId: string | null;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  /** `webhook.updated` */
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string; readonly name: string | null } | null;
  readonly changes: readonly AuditChange[];
  readonly ip: string | null;
}

export const auditFilterNames = ['actor', 'action', 'target', 'from', 'to'] as const;

/** What the log is narrowed by; empty ones are left out. */
export type AuditFilters = { readonly [F in (typeof auditFilterNames)[number]]?: string | undefined };

/** @param accountId of one account, newest first; `null`: of the whole gateway */
export function auditQuery(accountId: string | null, filters: AuditFilters) {
  return listQuery<AuditEntry>(['audit', accountId, filters], (cursor) => {
    const search = new URLSearchParams({ limit: '50', ...cursor });
    if (accountId !== null) search.set('accountId', accountId);
    for (const name of auditFilterNames) if (filters[name]) search.set(name, filters[name]);
    return call<Page<AuditEntry>>('GET', `/v1/audit?${search}`);
  });
}
