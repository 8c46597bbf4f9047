import type { DeliveryObserver } from '../core/delivery-observer.ts';
import { createClusterRecovery, type TaskCalls } from '../recover/cluster-recovery.ts';
import { createRecovery, type Recovery, type RecoveryOptions } from '../recover/recovery.ts';
import type { Basics } from './basics.ts';
import type { TalkParts } from './connect-processes.ts';
import type { StoreParts } from './open-store.ts';

/** Tasks that have something sent again; they hear of attempts. */
export interface StartedRecovery extends TaskCalls, Pick<DeliveryObserver, 'attempted'> {
  /** To be called before anything is sent. */
  load(): Promise<void>;
  start(): void;
  close(): Promise<void>;
}

type Needs = Pick<StoreParts, 'store' | 'cluster'> &
  TalkParts &
  Pick<RecoveryOptions, 'deliveryLog' | 'registry' | 'wake'>;

/** Attempts that others send for a task are not all heard of: in a cluster the store is asked sooner. */
const lookEveryMs = 60_000;

/** Where others share the store, tasks are at work in the process that leads; else in this one. */
export function buildRecovery(
  { clock, log }: Basics,
  { store, cluster, talk, ...context }: Needs,
): StartedRecovery {
  const options = { ...context, store: store.tasks, history: store.history, clock, log };
  if (!talk) return createRecovery(options);
  const make = (): Recovery => createRecovery({ ...options, lookEveryMs });
  const recovery = createClusterRecovery({
    ...{ ...talk, make, store: store.tasks, cluster, wake: context.wake, clock, log },
  });
  return { ...recovery, load: async () => {} };
}
