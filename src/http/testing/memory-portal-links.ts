import type { Clock } from '../../core/clock.ts';
import { createPortalLinks } from '../../portal/portal-links.ts';
import { portalLinkSessions } from '../callers/portal-link-caller.ts';
import type { PortalLinkSessions } from '../services.ts';

/** Portal links of accounts that are all there; which were used is kept in memory. */
export function createMemoryPortalLinks(clock: Clock): PortalLinkSessions {
  const used = new Set<string>();
  const links = createPortalLinks({
    store: {
      async use(id) {
        if (used.has(id)) return false;
        used.add(id);
        return true;
      },
    },
    secret: 'of the tests',
    publicUrl: () => 'http://127.0.0.1:8080',
    hasAccount: () => true,
    clock,
  });
  return portalLinkSessions(links);
}
