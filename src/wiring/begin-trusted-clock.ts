import type { TrustedClock } from '../core/trusted-clock.ts';
import { trustClock } from '../upkeep/trust-clock.ts';
import type { Basics } from './basics.ts';
import type { StoreParts } from './open-store.ts';

export interface TrustedClockParts {
  /** For what takes away what is old. */
  readonly trusted: TrustedClock;
}

/** What follows the clock for those that take something away by it. */
export async function beginTrustedClock(
  { clock, log, parts }: Basics,
  { store, cluster }: Pick<StoreParts, 'store' | 'cluster'>,
): Promise<TrustedClockParts> {
  const { trustedTime } = store;
  const { latestAt } = store.log;
  const { trusted, handOver, close } = await trustClock({
    ...{ trustedTime, latestAt, clock, log },
    isToSave: () => cluster.leads,
  });
  cluster.onLeading((leads) => (leads ? undefined : handOver()));
  parts.defer(close);
  return { trusted };
}
