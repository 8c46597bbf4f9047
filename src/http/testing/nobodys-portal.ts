import type { Portal } from '../../portal/portal.ts';

async function nobody(): Promise<never> {
  throw new Error('This portal knows nobody.');
}

/** A portal where nobody is and nobody can come in. */
export function createNobodysPortal(): Portal {
  return {
    publicUrl: () => 'http://127.0.0.1:8080',
    sessionCookie: () => 'hookwire.session_token',
    passwordLength: { min: 12, max: 128 },
    oidc: null,
    signIn: { byPassword: nobody, byLink: nobody, changePassword: nobody, out: async () => [] },
    people: {
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
