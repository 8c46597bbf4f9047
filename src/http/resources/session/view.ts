import { roleScopes } from '../../../core/roles.ts';
import type { SignedIn } from '../../../people/person.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { SignInServices } from '../../shared-services.ts';
import type { session } from './schema.ts';

/** What `GET /v1/session` shows. */
export function createSessionView(services: Pick<SignInServices, 'people' | 'portalLinks' | 'accountOf'>) {
  async function signedOut(): Promise<ViewOf<typeof session>> {
    const { people } = services;
    return {
      signedIn: false,
      setupNeeded: await people.setUpNeeded(),
      minPasswordLength: people.passwordLength.min,
      oidc: people.oidc && { name: people.oidc.name },
      via: null,
      person: null,
      memberships: [],
      grantsAccess: false,
    };
  }

  return {
    async of(signedIn: SignedIn | null): Promise<ViewOf<typeof session>> {
      if (!signedIn) return signedOut();
      const { person, via, memberships } = signedIn;
      return {
        ...(await signedOut()),
        signedIn: true,
        via,
        person,
        memberships: memberships.map(({ role, accountId, accountName }) => ({
          role,
          accountId,
          accountName,
        })),
        grantsAccess: memberships.some(({ role }) => roleScopes[role].includes('admin')),
      };
    },

    /** @param authorization the header of somebody who came by a portal link; nobody else's shows anything */
    async ofPortalLink(authorization: string): Promise<ViewOf<typeof session>> {
      const [, token = ''] = /^bearer +(hwp_\S+)$/i.exec(authorization) ?? [];
      const caller = token === '' ? null : await services.portalLinks.find(token);
      const account = caller && (await services.accountOf(caller));
      if (!caller?.role || !account) return signedOut();
      const membership = { role: caller.role, accountId: account.id, accountName: account.name };
      return {
        ...(await signedOut()),
        signedIn: true,
        via: 'portalLink',
        memberships: [membership],
        grantsAccess: caller.guest?.grantsAccess ?? false,
      };
    },
  };
}
