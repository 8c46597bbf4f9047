import type { Account, ApiKey, Sender } from '../../stores/ports/directory.ts';
import { formatInstant } from '../instants.ts';

export function accountView({ id, name, createdAt }: Account) {
  return { id, name, createdAt: formatInstant(createdAt) };
}

export function keyView({ id, accountId, name, scopes, createdAt }: ApiKey) {
  return { id, accountId, name, scopes, createdAt: formatInstant(createdAt) };
}

export function senderView({ id, accountId, product, productUniqueId, label, createdAt }: Sender) {
  return { id, accountId, product, productUniqueId, label, createdAt: formatInstant(createdAt) };
}
