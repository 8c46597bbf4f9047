import type { Question } from '../cluster/asking.ts';
import type { LeadersWork } from '../cluster/leaders-work.ts';
import { createClusterErasures } from '../erasure/cluster-erasures.ts';
import { createErasures, type ErasureCalls, type Erasures } from '../erasure/erasures.ts';
import { Stopped } from '../erasure/pieces.ts';
import type { Basics } from './basics.ts';
import type { DeliveryParts } from './build-delivery.ts';
import type { PeopleParts } from './build-people.ts';
import type { WatchingParts } from './build-watching.ts';
import type { TalkParts } from './connect-processes.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';

/** Tasks that erase; they wait to be started. */
export interface ErasureParts {
  readonly erasures: ErasureCalls & { start(): Promise<void> | void };
}

type Needs = Pick<StoreParts, 'store' | 'cluster'> &
  TalkParts &
  Pick<KnownParts, 'following'> &
  Pick<DeliveryParts, 'couriers' | 'recovery'> &
  Pick<PeopleParts, 'audit'> &
  Pick<WatchingParts, 'stats'>;

/** Has a process store what it has counted and noted, when it knows what was configured until then. */
const toFlush: Question<null, null> = { name: 'flush' };
const flushWithinMs = 60_000;

export function buildErasures(
  { clock, log, parts }: Basics,
  { store, cluster, talk, following, couriers, recovery, audit, stats }: Needs,
): ErasureParts {
  const flushHere = async (): Promise<void> => {
    await following.settled();
    await Promise.all([stats.flush(), audit.flush()]);
  };
  // A process that ends waits for no other: the erasure goes on elsewhere, from this piece.
  const stopping = Promise.withResolvers<never>();
  stopping.promise.catch(() => {});
  const flush = async (): Promise<void> => {
    const others = talk?.asking.askOthers(toFlush, null, { withinMs: flushWithinMs });
    await Promise.race([Promise.all([flushHere(), others]), stopping.promise]);
  };
  const make = (): Erasures =>
    createErasures({
      store: store.erasures,
      tasks: store.tasks,
      handedIn: () => store.log.handedIn,
      ...{ recovery, couriers, clock, log },
      flushAudit: talk ? flush : audit.flush,
      async settled(accountId) {
        const webhookIds = await store.erasures.webhooksOf(accountId);
        for (const webhookId of webhookIds) await couriers.gone(webhookId);
        await flush();
      },
    });
  if (talk) {
    talk.asking.answer(toFlush, async () => {
      await flushHere();
      return null;
    });
    const { messages } = talk;
    const erasures: ErasureCalls & LeadersWork = createClusterErasures({
      ...{ make, store: store.erasures, cluster, messages, clock, log },
    });
    parts.defer(() => {
      stopping.reject(new Stopped('The gateway is stopping.'));
      return erasures.close();
    });
    return { erasures };
  }
  const erasures = make();
  parts.defer(() => erasures.close());
  return { erasures: { ...erasures, removing: async (accountId) => erasures.removing(accountId) } };
}
