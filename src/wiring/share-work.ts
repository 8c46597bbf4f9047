import type { ShardsListener } from '../cluster/cluster.ts';
import type { SendingListener } from '../cluster/membership.ts';
import type { Timer } from '../core/clock.ts';
import type { Basics } from './basics.ts';
import type { DeliveryParts } from './build-delivery.ts';
import type { StoreParts } from './open-store.ts';

/** So often the store is asked for what waits of which nobody has told: a word that was lost, a process that died before it said it. */
const lookEveryMs = 30_000;
/** Who has died is among the processes that are known for a lease (10 s) still: so none that was there since the last look goes unseen. */
const seenEveryMs = 5_000;
/** How soon what could not be read is asked for again. */
const askAgainMs = 1_000;
/** Of messages that say that something may wait of which nobody was told. */
const lookKind = 'look';

/**
 * Where several processes share the store: takes its part of the webhooks, and lets go of what is others'. Resolves when what waits
 * for the first is taken up.
 */
export async function shareWork(
  { clock, log, parts }: Basics,
  { sharing, messages, couriers }: Pick<StoreParts, 'sharing' | 'messages'> & Pick<DeliveryParts, 'couriers'>,
): Promise<void> {
  if (!sharing) return;
  const { membership, numbered } = sharing;
  const taking = new Set<Promise<void>>();
  let asking: Timer | null = null;
  let hasBegun = false;
  let closed = false;

  const listener: ShardsListener & SendingListener = {
    taken(leases) {
      const above = numbered();
      // Whoever had them may have died before it told of what it accepted for webhooks that were this process's already.
      if (hasBegun) askAgain();
      const taken = couriers
        .takeShards(leases.map((lease) => ({ ...lease, above })))
        .catch((err: unknown) => {
          log.warn(
            { err },
            'What waits for webhooks that came to this gateway could not be read; it is tried again.',
          );
          askAgain();
        })
        .finally(() => taking.delete(taken));
      taking.add(taken);
    },
    letGo: (shards) => couriers.letGoOfShards(shards),
    lost(shards) {
      couriers.loseShards(shards);
      // What was accepted here meanwhile was taken for its own.
      messages?.tell(null, lookKind, null);
    },
    maySend: couriers.maySend,
  };
  const lookAgain = (): void => void couriers.lookAgain().catch(askAgain);
  function askAgain(): void {
    asking?.cancel();
    if (!closed) asking = clock.setTimer(lookAgain, askAgainMs);
  }
  messages?.on(lookKind, lookAgain);
  messages?.onMissed(lookAgain);
  await messages?.start();
  await membership.begin(listener);
  hasBegun = true;
  await Promise.all(taking);

  let isShared = false;
  let sinceLook = 0;
  /** While it is alone nothing can come of which nobody tells: all that waits would be loaded again for nothing. */
  const look = (): void => {
    isShared ||= membership.processes.length > 1;
    sinceLook += seenEveryMs;
    if (sinceLook >= lookEveryMs) {
      if (isShared) lookAgain();
      [sinceLook, isShared] = [0, false];
    }
    timer = clock.setTimer(look, seenEveryMs);
  };
  let timer = clock.setTimer(look, seenEveryMs);
  parts.defer(() => {
    closed = true;
    timer.cancel();
    asking?.cancel();
  });
}
