import type { Clock } from '../../core/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Cipher } from '../secrets/cipher.ts';
import { createSqlAudit } from './audit/audit.ts';
import { createSqlPortalLinks } from './audit/portal-links.ts';
import { createSqlDirectory } from './directory/directory.ts';
import { createSqlForgetting } from './forgetting/forgetting.ts';
import { createSqlAccess } from './people/access.ts';
import { createSqlPeople } from './people/people.ts';
import { createSqlSealing } from './sealing/sealing.ts';
import type { SqlDatabase } from './sql-database.ts';
import { createSqlTasks } from './tasks/tasks.ts';
import { createSqlTrustedTime } from './trusted-time.ts';

/** What of a store is ordinary: the same queries in both. */
export type OrdinaryParts = Pick<
  Store,
  | 'directory'
  | 'sealing'
  | 'tasks'
  | 'people'
  | 'access'
  | 'audit'
  | 'portalLinks'
  | 'forgetting'
  | 'trustedTime'
>;

export function createOrdinaryParts(
  database: SqlDatabase,
  cipher: Cipher,
  clock: Pick<Clock, 'now'>,
): OrdinaryParts {
  return {
    directory: createSqlDirectory(database, cipher, clock),
    tasks: createSqlTasks(database),
    people: createSqlPeople(database),
    access: createSqlAccess(database),
    audit: createSqlAudit(database),
    portalLinks: createSqlPortalLinks(database),
    forgetting: createSqlForgetting(database),
    trustedTime: createSqlTrustedTime(database),
    sealing: createSqlSealing(database, cipher),
  };
}
