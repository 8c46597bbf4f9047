import type { PortalLinkStore } from '../../ports/portal-links.ts';
import type { SqlDatabase } from '../sql-database.ts';

export function createSqlPortalLinks({ db, applyIf }: SqlDatabase): PortalLinkStore {
  return {
    async use(id, expiresAt, now) {
      const first = await applyIf(
        db
          .insertInto('used_portal_links')
          .values({ id, expires_at: expiresAt })
          .onConflict((conflict) => conflict.doNothing()),
        [db.deleteFrom('used_portal_links').where('expires_at', '<', now)],
      );
      return first !== null;
    },
  };
}
