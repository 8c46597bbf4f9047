import type { AuditChange } from '../../../stores/ports/audit.ts';
import type { Account } from '../../../stores/ports/directory.ts';
import { fieldChanges } from '../../auditing/changes.ts';
import { type Describer, fieldOf, textOf } from '../../auditing/describer.ts';

export const accountDescriber: Describer = {
  before: async ({ reach, params }) => (params.id === undefined ? null : reach?.of(params.id).record()),
  describe({ action, params, before, answer }) {
    const id = params.id ?? textOf(answer, 'id') ?? '';
    const account = before as Account | null;
    return {
      // What tells of its end is the platform's, and stays.
      accountId: action === 'account.deleted' ? null : id,
      target: { type: 'account', id, name: textOf(answer, 'name') ?? account?.name ?? null },
      changes: action === 'account.changed' && account ? changesOf(account, answer) : [],
    };
  },
};

function changesOf({ name, limits, keep }: Account, answer: unknown): AuditChange[] {
  const after = (fieldOf(answer, 'limits') ?? {}) as { readonly [name: string]: number | null };
  const own = Object.fromEntries(Object.entries(after).filter(([, value]) => value !== null));
  return [
    ...fieldChanges('name', name, textOf(answer, 'name')),
    ...fieldChanges('limits', limits, own),
    ...fieldChanges('keep', keep, fieldOf(answer, 'keep')),
  ];
}
