import type { AuditAction } from '../../stores/ports/audit.ts';
import type { Describer } from './describer.ts';

/**
 * What the audit log says of a route's successful calls; `nothing` of one that changes nothing. Every route under /v1
 * that is not a GET has one of them.
 */
export type AuditRule =
  | 'nothing'
  | {
      readonly action: AuditAction;
      /** Says what such a call did. */
      readonly describer: Describer;
      /** What it says of calls that fail with 401, with the e-mail address that was given. */
      readonly refused?: AuditAction;
    };
