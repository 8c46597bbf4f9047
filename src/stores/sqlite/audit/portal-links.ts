import type { PortalLinkStore } from '../../ports/portal-links.ts';
import type { Desk } from '../desk/desk.ts';

/** Used portal links on SQLite, in the table of `migrations/009-audit.ts`. */
export function createSqlitePortalLinks(desk: Desk): PortalLinkStore {
  return {
    async use(id, expiresAt, now) {
      const first = await desk.applyIf(
        {
          sql: 'insert into used_portal_links values (?, ?) on conflict do nothing',
          parameters: [id, expiresAt],
        },
        [{ sql: 'delete from used_portal_links where expires_at < ?', parameters: [now] }],
      );
      return first !== null;
    },
  };
}
