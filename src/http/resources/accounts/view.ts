import { type LimitName, limitNames } from '../../../core/account-limits.ts';
import type { Account } from '../../../stores/ports/directory.ts';
import { formatInstant } from '../../shapes/instants.ts';

export function accountView({ id, name, createdAt, limits, keep }: Account) {
  const own = Object.fromEntries(limitNames.map((limit) => [limit, limits[limit] ?? null]));
  return {
    id,
    name,
    createdAt: formatInstant(createdAt),
    limits: own as { [N in LimitName]: number | null },
    keep: { payloadDays: keep.payloadDays, logDays: keep.logDays },
  };
}
