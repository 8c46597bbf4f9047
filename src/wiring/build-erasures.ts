import { createErasures, type Erasures } from '../erasure/erasures.ts';
import type { Basics } from './basics.ts';
import type { DeliveryParts } from './build-delivery.ts';
import type { PeopleParts } from './build-people.ts';
import type { WatchingParts } from './build-watching.ts';
import type { StoreParts } from './open-store.ts';

/** Tasks that erase; they wait to be started. */
export interface ErasureParts {
  readonly erasures: Erasures;
}

type Needs = Pick<StoreParts, 'store'> &
  Pick<DeliveryParts, 'couriers' | 'recovery'> &
  Pick<PeopleParts, 'audit'> &
  Pick<WatchingParts, 'stats'>;

export function buildErasures(
  { clock, log, parts }: Basics,
  { store, couriers, recovery, audit, stats }: Needs,
): ErasureParts {
  const erasures = createErasures({
    store: store.erasures,
    tasks: store.tasks,
    ...{ recovery, couriers, clock, log },
    flushAudit: audit.flush,
    async settled(accountId) {
      const webhookIds = await store.erasures.webhooksOf(accountId);
      for (const webhookId of webhookIds) await couriers.gone(webhookId);
      await Promise.all([stats.flush(), audit.flush()]);
    },
  });
  parts.defer(() => erasures.close());
  return { erasures };
}
