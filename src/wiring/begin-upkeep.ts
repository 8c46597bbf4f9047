import { createLeadersWork, type LeadersWork } from '../cluster/leaders-work.ts';
import { createStandings } from '../cluster/standings.ts';
import { forgetKeptAnswers } from '../upkeep/forget-kept-answers.ts';
import { forgetOld } from '../upkeep/forget-old.ts';
import { createResealing, type Resealing } from '../upkeep/resealing.ts';
import { tidyStats } from '../upkeep/tidy-stats.ts';
import { wipeDeletedSecrets } from '../upkeep/wipe-deleted-secrets.ts';
import type { Basics } from './basics.ts';
import type { TrustedClockParts } from './begin-trusted-clock.ts';
import type { TalkParts } from './connect-processes.ts';
import type { StoreParts } from './open-store.ts';

/** What is done to the store behind the traffic, by one process. */
export interface UpkeepParts {
  /** Waits to be started: calls come first. */
  readonly resealing: Pick<LeadersWork, 'start'> & Pick<Resealing, 'status'>;
}

export async function beginUpkeep(
  { config, clock, log, parts }: Basics,
  { store, cluster, talk, trusted }: Pick<StoreParts, 'store' | 'cluster'> & TalkParts & TrustedClockParts,
): Promise<UpkeepParts> {
  const { directory, sealing } = store;
  const times = { keep: config.keep, auditDays: config.keep.auditDays };
  const led = (begin: () => () => Promise<void>): LeadersWork => {
    const work = createLeadersWork(cluster, begin);
    parts.defer(work.close);
    return work;
  };
  led(() => wipeDeletedSecrets({ directory, clock, log })).start();
  led(() => forgetKeptAnswers({ keptAnswers: directory.keptAnswers, clock, trusted, log })).start();
  led(() => forgetOld({ forgetting: store.forgetting, times, clock, trusted, log })).start();
  led(() => tidyStats({ stats: store.stats, clock, trusted, log })).start();
  const keys = await sealing.keys();
  const keysInUse = createStandings(cluster, () => keys.current, talk?.asking ?? null, 'master key');
  async function allSealWithIt(): Promise<boolean> {
    const inUse = await keysInUse();
    // One that has another key alone cannot read the question.
    return cluster.processes.every(({ id }) => inUse.get(id) === keys.current);
  }
  const resealing = createResealing({ sealing, allSealWithIt, keys, clock, log });
  const work = led(() => {
    resealing.start();
    return resealing.close;
  });
  return { resealing: { start: work.start, status: resealing.status } };
}
