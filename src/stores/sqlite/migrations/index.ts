import { directoryTables } from './001-directory.ts';
import { deliveryTables } from './002-deliveries.ts';
import { statsTables } from './003-stats.ts';
import { failingSince } from './004-failing-since.ts';
import { taskTables } from './005-tasks.ts';
import { peopleTables } from './006-people.ts';
import { webhookTotals } from './007-webhook-totals.ts';
import { untoldDisabling } from './008-untold-disabling.ts';
import { auditTables } from './009-audit.ts';
import { secretHistory } from './010-secret-history.ts';
import { accountLimits } from './011-account-limits.ts';
import { accessEras } from './012-access-eras.ts';
import { deletedKeys } from './013-deleted-keys.ts';
import { masterKeys } from './014-master-keys.ts';
import { writeProbe } from './015-write-probe.ts';
import { acceptanceTimes } from './016-acceptance-times.ts';
import { attemptsThatCount } from './017-attempts-that-count.ts';
import { openBreakers } from './018-open-breakers.ts';
import { reportsToldApart } from './019-reports-told-apart.ts';
import { keptAnswers } from './020-kept-answers.ts';
import { whoTold } from './021-who-told.ts';
import { fanOuts } from './022-fan-outs.ts';
import { accountKeep } from './023-account-keep.ts';
import { gatewaySecrets } from './024-gateway-secrets.ts';
import { retention } from './025-retention.ts';
import { erasureTables } from './026-erasures.ts';
import { searchIndex } from './027-search-index.ts';
import { forgottenTerms } from './028-forgotten-terms.ts';
import { trustedTime } from './029-trusted-time.ts';
import { forgottenByErasure } from './030-forgotten-by-erasure.ts';
import { filtersInPages } from './031-filters-in-pages.ts';
import { spacing } from './032-spacing.ts';
import type { Migration } from './migration.ts';

/** Every step, in order. */
export const migrations: readonly Migration[] = [
  directoryTables,
  deliveryTables,
  statsTables,
  failingSince,
  taskTables,
  peopleTables,
  webhookTotals,
  untoldDisabling,
  auditTables,
  secretHistory,
  accountLimits,
  accessEras,
  deletedKeys,
  masterKeys,
  writeProbe,
  acceptanceTimes,
  attemptsThatCount,
  openBreakers,
  reportsToldApart,
  keptAnswers,
  whoTold,
  fanOuts,
  accountKeep,
  gatewaySecrets,
  retention,
  erasureTables,
  searchIndex,
  forgottenTerms,
  trustedTime,
  forgottenByErasure,
  filtersInPages,
  spacing,
];
