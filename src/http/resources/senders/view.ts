import type { Sender } from '../../../stores/ports/directory.ts';
import { formatInstant } from '../../shapes/instants.ts';

export function senderView({ id, accountId, product, productUniqueId, label, createdAt }: Sender) {
  return { id, accountId, product, productUniqueId, label, createdAt: formatInstant(createdAt) };
}
