import type { ApiKey } from '../../../stores/ports/directory.ts';
import { type Describer, fieldOf, textOf } from '../../auditing/describer.ts';
import type { AccountReach } from '../../reach/reach.ts';

async function findKey({ keys }: AccountReach, keyId: string | undefined): Promise<ApiKey | null> {
  let cursor: string | null = null;
  do {
    const page = await keys.list({ limit: 500, cursor });
    const found = page.data.find(({ id }) => id === keyId);
    if (found) return found;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return null;
}

export const keyDescriber: Describer = {
  async before({ reach, action, params }) {
    if (action !== 'key.deleted' || params.id === undefined || !reach) return null;
    return findKey(reach.of(params.id), params.keyId);
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
