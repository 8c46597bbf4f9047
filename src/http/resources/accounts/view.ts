import { type LimitName, limitNames } from '../../../core/account-limits.ts';
import type { Account, ApiKey, Sender } from '../../../stores/ports/directory.ts';
import { formatInstant } from '../../shapes/instants.ts';

export function accountView({ id, name, createdAt, limits }: Account) {
  const own = Object.fromEntries(limitNames.map((limit) => [limit, limits[limit] ?? null]));
  return {
    id,
    name,
    createdAt: formatInstant(createdAt),
    limits: own as { [N in LimitName]: number | null },
  };
}

export function keyView({ id, accountId, name, scopes, createdAt }: ApiKey) {
  return { id, accountId, name, scopes, createdAt: formatInstant(createdAt) };
}

export function senderView({ id, accountId, product, productUniqueId, label, createdAt }: Sender) {
  return { id, accountId, product, productUniqueId, label, createdAt: formatInstant(createdAt) };
}
