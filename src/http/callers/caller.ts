import type { Role } from '../../core/roles.ts';
import type { Scope } from '../../core/scopes.ts';
import type { AuditActor, AuditActorKind } from '../../stores/ports/audit.ts';

/**
 * Who acts, as the audit log names them. A person has a name and an id of their own over all accounts; the id of a
 * portal link's actor is that of the link. The operator key of the environment has the id `environment`.
 */
export interface Actor extends AuditActor {
  /** Whoever calls is somebody. */
  readonly kind: Exclude<AuditActorKind, 'nobody'>;
}

/** The operator key of the configuration, as accounts read of it. */
export const configuredOperator: Actor = {
  kind: 'operatorKey',
  id: 'environment',
  name: 'of the configuration',
};

/**
 * Who calls. `accountId: null` is an operator, who may do everything. An operator who works in an account has its
 * `accountId`, the scope `admin` and the role `operator`.
 */
export interface Caller {
  readonly accountId: string | null;
  readonly scopes: readonly Scope[];
  /** `null` for API keys. */
  readonly role: Role | null;
  readonly actor: Actor;
  /** Phone numbers in answers show their last digits only. */
  readonly masksNumbers: boolean;
  /** Of those who came by a portal link. */
  readonly guest?: Guest;
}

/** Somebody who stays for a time. */
export interface Guest {
  /** ms since the Unix epoch. */
  readonly until: number;
  /** May give access that outlasts the stay: make API keys, invite people. */
  readonly grantsAccess: boolean;
}
