import type { Scope } from '../stores/ports/directory.ts';

/** Who calls. `accountId: null` is an operator, who may do everything. */
export interface Caller {
  readonly accountId: string | null;
  readonly scopes: readonly Scope[];
}
