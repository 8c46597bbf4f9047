import { type AuditLog, createAuditLog } from '../audit/audit-log.ts';
import type { Config } from '../config/config.ts';
import type { OidcProvider } from '../people/better-auth.ts';
import { connectOidc } from '../people/connect-oidc.ts';
import { createPortalLinks, type PortalLinks } from '../people/portal-links.ts';
import { createPortalPeople, type PortalPeople } from '../people/portal-people.ts';
import type { Basics } from './basics.ts';
import type { EgressParts } from './build-egress.ts';
import type { KnownParts } from './load-known.ts';
import type { StoreParts } from './open-store.ts';

/** Who comes in, and what they did. */
export interface PeopleParts {
  readonly people: PortalPeople;
  readonly portalLinks: PortalLinks;
  readonly audit: AuditLog;
  /** Says where the gateway can be reached, unless the configuration does; nobody can come before that. */
  readonly reachedAt: (url: string) => void;
}

type Needs = Pick<StoreParts, 'store' | 'secretFor'> &
  Pick<KnownParts, 'accounts'> &
  Pick<EgressParts, 'connect'>;

export function buildPeople(
  { config, overrides, clock, log, parts }: Basics,
  { store, secretFor, accounts, connect }: Needs,
): PeopleParts {
  const audit = createAuditLog({ store: store.audit, clock, log });
  parts.defer(() => audit.close());
  const oidc = oidcOf(config);
  if (oidc) parts.defer(connectOidc(connect));
  let listeningAt = '';
  const publicUrl = () => config.portal.publicUrl ?? listeningAt;
  const people = createPortalPeople({
    people: store.people,
    access: store.access,
    database: store.portalDatabase,
    secret: secretFor('portal sessions'),
    passwords: overrides.passwords,
    ...{ publicUrl, oidc, clock, log },
  });
  const portalLinks = createPortalLinks({
    store: store.portalLinks,
    secret: secretFor('portal links'),
    hasAccount: accounts.has,
    ...{ publicUrl, clock },
  });
  return {
    ...{ people, portalLinks, audit },
    reachedAt(url) {
      // On every interface, this machine is one of those who can reach it.
      listeningAt = url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
    },
  };
}

function oidcOf({ portal: { oidc }, secrets: { oidcClientSecret } }: Config): OidcProvider | null {
  return oidc && oidcClientSecret !== null ? { ...oidc, clientSecret: oidcClientSecret } : null;
}
