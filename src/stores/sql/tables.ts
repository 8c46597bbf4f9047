import type { AuditTables } from './audit/tables.ts';
import type { DirectoryTables } from './directory/tables.ts';
import type { PeopleTables } from './people/tables.ts';
import type { TaskTables } from './tasks/tables.ts';

/** The tables of what is ordinary, the same in both stores; their migrations explain the columns. */
export type Tables = DirectoryTables & PeopleTables & TaskTables & AuditTables;
