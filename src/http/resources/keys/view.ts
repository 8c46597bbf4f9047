import type { ApiKey } from '../../../stores/ports/directory.ts';
import { formatInstant } from '../../shapes/instants.ts';

export function keyView({ id, accountId, name, scopes, createdAt }: ApiKey) {
  return { id, accountId, name, scopes, createdAt: formatInstant(createdAt) };
}
