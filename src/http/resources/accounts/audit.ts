import type { AuditChange } from '../../../stores/ports/audit.ts';
import type { Account, ApiKey, Directory, Sender } from '../../../stores/ports/directory.ts';
import { fieldChanges } from '../../auditing/changes.ts';
import { type Describer, fieldOf, textOf } from '../../auditing/describer.ts';

export const accountDescriber: Describer = {
  before: async ({ services, params }) =>
    params.id === undefined ? null : services.directory.getAccount(params.id),
  describe({ action, params, before, answer }) {
    const id = params.id ?? textOf(answer, 'id') ?? '';
    const account = before as Account | null;
    return {
      accountId: id,
      target: { type: 'account', id, name: textOf(answer, 'name') ?? account?.name ?? null },
      changes: action === 'account.changed' && account ? changesOf(account, answer) : [],
    };
  },
};

function changesOf({ name, limits }: Account, answer: unknown): AuditChange[] {
  const after = (fieldOf(answer, 'limits') ?? {}) as { readonly [name: string]: number | null };
  const own = Object.fromEntries(Object.entries(after).filter(([, value]) => value !== null));
  return [...fieldChanges('name', name, textOf(answer, 'name')), ...fieldChanges('limits', limits, own)];
}

async function findKey(
  directory: Directory,
  accountId: string,
  keyId: string | undefined,
): Promise<ApiKey | null> {
  let cursor: string | null = null;
  do {
    const page = await directory.listKeys(accountId, { limit: 500, cursor });
    const found = page.data.find(({ id }) => id === keyId);
    if (found) return found;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return null;
}

export const keyDescriber: Describer = {
  async before({ services, action, params }) {
    if (action !== 'key.deleted' || params.id === undefined) return null;
    return findKey(services.directory, params.id, params.keyId);
  },
  describe({ action, params, before, answer }) {
    const shown = before ?? answer;
    const id = params.keyId ?? textOf(answer, 'id') ?? '';
    const scopes = fieldOf(answer, 'scopes') ?? null;
    return {
      accountId: params.id ?? null,
      target: { type: 'key', id, name: textOf(shown, 'name') },
      changes: action === 'key.created' ? [{ field: 'scopes', from: null, to: scopes }] : [],
    };
  },
};

export const senderDescriber: Describer = {
  before: async ({ services, params }) =>
    params.id === undefined ? null : services.directory.getSender(params.id),
  describe({ params, before, answer }) {
    const shown = (before as Sender | null) ?? answer;
    const number = textOf(shown, 'productUniqueId');
    const label = textOf(shown, 'label');
    return {
      accountId: textOf(shown, 'accountId'),
      target: {
        type: 'sender',
        id: params.id ?? textOf(answer, 'id') ?? '',
        name: label ? `${label} (${number})` : number,
      },
      changes: [],
    };
  },
};
