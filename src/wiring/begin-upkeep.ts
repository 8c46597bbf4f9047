import { forgetKeptAnswers } from '../upkeep/forget-kept-answers.ts';
import { forgetOld } from '../upkeep/forget-old.ts';
import { createResealing, type Resealing } from '../upkeep/resealing.ts';
import { tidyStats } from '../upkeep/tidy-stats.ts';
import { wipeDeletedSecrets } from '../upkeep/wipe-deleted-secrets.ts';
import type { Basics } from './basics.ts';
import type { StoreParts } from './open-store.ts';

/** What is done to the store behind the traffic. */
export interface UpkeepParts {
  /** Waits to be started: calls come first. */
  readonly resealing: Resealing;
}

export function beginUpkeep(
  { config, clock, log, parts }: Basics,
  { store, masterKeyId }: Pick<StoreParts, 'store' | 'masterKeyId'>,
): UpkeepParts {
  const { directory, sealing } = store;
  parts.defer(wipeDeletedSecrets({ directory, clock, log }));
  parts.defer(forgetKeptAnswers({ keptAnswers: directory.keptAnswers, clock, log }));
  const times = { keep: config.keep, auditDays: config.keep.auditDays };
  parts.defer(forgetOld({ forgetting: store.forgetting, times, clock, log }));
  parts.defer(tidyStats({ stats: store.stats, clock, log }));
  const resealing = createResealing({ sealing, masterKeyId, clock, log });
  parts.defer(() => resealing.close());
  return { resealing };
}
