import { createKey } from '../core/api-key.ts';
import { randomId } from '../core/ids.ts';
import type { Directory } from '../stores/ports/directory.ts';

/** Makes the first key of an operator where there is none; it is shown once. */
export async function makeFirstOperatorKey(
  directory: Pick<Directory, 'listKeys' | 'createKey'>,
  createdAt: number,
): Promise<string | null> {
  const known = await directory.listKeys(null, { limit: 1, cursor: null });
  if (known.data.length > 0) return null;
  const { key, hash } = createKey();
  const entry = { id: randomId('key'), accountId: null, name: 'first operator', scopes: [], createdAt };
  await directory.createKey(entry, hash);
  return key;
}
