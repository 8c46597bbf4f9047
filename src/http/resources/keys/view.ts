import type { ApiKey } from '../../../stores/ports/directory.ts';
import { formatInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { key } from './schema.ts';

/** A key of an account; an operator's is none, and no list shows those. */
export function keyView(accountId: string, { id, name, scopes, createdAt }: ApiKey): ViewOf<typeof key> {
  return { id, accountId, name, scopes, createdAt: formatInstant(createdAt) };
}
