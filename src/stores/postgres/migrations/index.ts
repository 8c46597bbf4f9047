import { directoryTables } from './001-directory.ts';
import { taskTables } from './002-tasks.ts';
import { peopleTables } from './003-people.ts';
import { auditTables } from './004-audit.ts';
import { deliveryTables } from './005-deliveries.ts';
import { statsTables } from './006-stats.ts';
import { retentionTables } from './007-retention.ts';
import { clusterTables } from './008-cluster.ts';
import { erasedPlaces } from './009-erased-places.ts';
import { moves } from './010-moves.ts';
import { configurationNews } from './011-configuration-news.ts';
import type { Migration } from './migration.ts';

/** All steps of the schema, the oldest first. */
export const migrations: readonly Migration[] = [
  directoryTables,
  taskTables,
  peopleTables,
  auditTables,
  deliveryTables,
  statsTables,
  retentionTables,
  clusterTables,
  erasedPlaces,
  moves,
  configurationNews,
];
