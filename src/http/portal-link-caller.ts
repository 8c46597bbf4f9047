import { masksNumbers, roleScopes } from '../core/roles.ts';
import type { PortalGuest, PortalLinks } from '../portal/portal-links.ts';
import type { Caller } from './caller.ts';
import type { PortalLinkSessions } from './services.ts';

function callerOf({ id, accountId, role, name }: PortalGuest): Caller {
  return {
    accountId,
    role,
    scopes: roleScopes[role],
    actor: { kind: 'portalLink', id, name },
    masksNumbers: masksNumbers(role),
  };
}

/** The portal's links, and those who came by them as callers. */
export function portalLinkSessions(links: PortalLinks): PortalLinkSessions {
  return {
    issue: links.issue,
    enter: links.enter,
    async find(token) {
      const guest = links.guest(token);
      return guest && callerOf(guest);
    },
  };
}
