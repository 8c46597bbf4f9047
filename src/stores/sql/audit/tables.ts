import type { AuditAction, AuditActorKind } from '../../ports/audit.ts';

export interface AuditTables {
  audit: {
    number: number;
    at: number;
    account_id: string | null;
    actor_kind: AuditActorKind;
    actor_id: string;
    actor_name: string;
    action: AuditAction;
    target_type: string | null;
    target_id: string | null;
    target_name: string | null;
    changes: string;
    ip: string | null;
  };
  used_portal_links: { id: string; expires_at: number };
}
