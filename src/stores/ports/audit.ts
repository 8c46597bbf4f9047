import type { Page, PageRequest } from './page.ts';

/** `nobody`: somebody who could not sign in; the name is what they gave. */
export type AuditActorKind = 'operatorKey' | 'key' | 'person' | 'portalLink' | 'nobody';

/** What people do that the log tells of: `<type of the target>.<what was done to it>`. */
export const auditActions = [
  'account.created',
  'account.changed',
  // In logs of before accounts had more than a name.
  'account.renamed',
  'account.deleted',
  'delivery.replayed',
  'erasure.created',
  'key.created',
  'key.deleted',
  'person.invited',
  'person.updated',
  'person.removed',
  'person.passwordLinkMade',
  'portalLink.created',
  'portalLink.used',
  'sender.created',
  'sender.deleted',
  'session.setUp',
  'session.signedIn',
  'session.signInFailed',
  'session.signedOut',
  'session.passwordSet',
  'session.profileChanged',
  'task.created',
  'task.cancelled',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.restored',
  'webhook.enabled',
  'webhook.disabled',
  'webhook.secretRotated',
  'webhook.tested',
] as const;
export type AuditAction = (typeof auditActions)[number];

export interface AuditActor {
  readonly kind: AuditActorKind;
  readonly id: string;
  readonly name: string;
}

export interface AuditTarget {
  readonly type: string;
  readonly id: string;
  /** What people call it, as it was then. */
  readonly name: string | null;
}

/** A JSON value. Secrets stand as bullets. */
export interface AuditChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Somebody changed something. */
export interface NewAuditEntry {
  /** ms since the Unix epoch. */
  readonly at: number;
  /** The account that it was about; `null`: the platform's own. */
  readonly accountId: string | null;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly target: AuditTarget | null;
  readonly changes: readonly AuditChange[];
  /** Where the call came from. */
  readonly ip: string | null;
}

export interface AuditEntry extends NewAuditEntry {
  /** `aud_…`, in the order of writing. */
  readonly id: string;
}

export interface AuditFilter {
  /** `null`: every account's and the platform's own. */
  readonly accountId: string | null;
  /** An actor's id or name. */
  readonly actor?: string;
  readonly action?: AuditAction;
  /** A target's id. */
  readonly target?: string;
  /** At or after, ms. */
  readonly from?: number;
  /** Before, ms. */
  readonly to?: number;
}

/** Entries are only ever added; but of one that is counted the count changes. */
export interface AuditStore {
  /** In their order, all or none; their ids. */
  add(entries: readonly NewAuditEntry[]): Promise<readonly string[]>;
  /** Says in an entry's changes, as `times`, how often it stands for. */
  recount(id: string, times: number): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>;
}
