import { HookwireError } from '../../core/errors.ts';
import { masksNumbers, roleScopes } from '../../core/roles.ts';
import type { PortalGuest, PortalLinks } from '../../people/portal-links.ts';
import type { PortalLinkSessions } from '../services.ts';
import type { Caller } from './caller.ts';

function callerOf({ id, accountId, role, name, grantsAccess, until }: PortalGuest): Caller {
  return {
    accountId,
    role,
    scopes: roleScopes[role],
    actor: { kind: 'portalLink', id, name },
    masksNumbers: masksNumbers(role),
    guest: { until, grantsAccess },
  };
}

/**
 * For routes that give access: an API key, a role, a link for a password. They outlast a guest's time, so a guest does
 * it only where the platform said so in the link. Taking access away leaves nothing behind.
 * @throws HookwireError `forbidden`
 */
export function requireGranting({ guest }: Caller): void {
  if (!guest || guest.grantsAccess) return;
  throw new HookwireError(
    'forbidden',
    'Whoever came by a portal link gives nobody access, since that would outlast the link: the platform can make a link with "grantsAccess".',
  );
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
