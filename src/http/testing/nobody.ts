import type { PortalPeople } from '../../people/portal-people.ts';

async function nobody(): Promise<never> {
  throw new Error('There is nobody.');
}

/** Nobody is there, and nobody can come in. */
export function createNobody(): PortalPeople {
  return {
    publicUrl: () => 'http://127.0.0.1:8080',
    sessionCookie: () => 'hookwire.session_token',
    passwordLength: { min: 12, max: 128 },
    oidc: null,
    signIn: { byPassword: nobody, byLink: nobody, changePassword: nobody, out: async () => [] },
    manage: {
      list: async () => ({ data: [], nextCursor: null }),
      get: async () => null,
      invite: nobody,
      change: nobody,
      remove: nobody,
      issueLink: nobody,
    },
    setUpNeeded: async () => true,
    issueSetUpLink: nobody,
    setUp: nobody,
    find: async () => null,
    seen: async () => {},
    readLink: async () => null,
    rename: nobody,
    isPerson: async () => false,
  };
}
