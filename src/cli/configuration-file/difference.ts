import type { AuditChange } from '../../stores/ports/audit.ts';

export type Kind = 'operator key' | 'account' | 'number' | 'key' | 'webhook';

/** What an import makes of one thing. */
export interface Difference {
  readonly kind: Kind;
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** The account that it belongs to; `null`: it is one, or the platform's own. */
  readonly accountId: string | null;
  /** `null`: it is new. */
  readonly changes: readonly AuditChange[] | null;
  /** What signs it was made by the import. */
  readonly hasNewSecret: boolean;
}

/** The same with all that does not differ, counted. */
export interface ImportSummary {
  readonly differences: readonly Difference[];
  /** Things of the file that are there as it says. */
  readonly same: number;
  /** Things that are there and that the file does not have. */
  readonly others: number;
}
