import type { Clock } from '../../core/clock.ts';
import { createPortalLinks } from '../../people/portal-links.ts';
import type { PortalLinkStore } from '../../stores/ports/portal-links.ts';
import { portalLinkSessions } from '../callers/portal-link-caller.ts';
import type { PortalLinkSessions } from '../services.ts';

/** Portal links of accounts that are all there. */
export function createTestPortalLinks(store: PortalLinkStore, clock: Clock): PortalLinkSessions {
  const links = createPortalLinks({
    store,
    secret: 'of the tests',
    publicUrl: () => 'http://127.0.0.1:8080',
    hasAccount: () => true,
    clock,
  });
  return portalLinkSessions(links);
}
