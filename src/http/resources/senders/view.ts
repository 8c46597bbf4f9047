import type { Sender } from '../../../stores/ports/directory.ts';
import { formatInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { sender } from './schema.ts';

export function senderView({
  id,
  accountId,
  product,
  productUniqueId,
  label,
  createdAt,
}: Sender): ViewOf<typeof sender> {
  return { id, accountId, product, productUniqueId, label, createdAt: formatInstant(createdAt) };
}
