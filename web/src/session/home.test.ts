// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { homeOf } from './home.ts';
import type { Session } from './session.ts';

const signedOut: Session = {
  signedIn: false,
  setupNeeded: false,
  minPasswordLength: 12,
  oidc: null,
  via: null,
  person: null,
  memberships: [],
  grantsAccess: false,
};
const acme = { role: 'viewer', accountId: 'acme', accountName: 'Acme' } as const;
const operator = { role: 'operator', accountId: null, accountName: null } as const;

describe('where somebody begins', () => {
  it.each([
    ['nobody has set it up', { setupNeeded: true }, '/setup'],
    ['one is signed out', {}, '/sign-in'],
    ['one is an operator', { signedIn: true, memberships: [operator, acme] }, '/accounts'],
    ['one belongs to an account', { signedIn: true, memberships: [acme] }, '/a/acme/webhooks'],
    ['one belongs to none', { signedIn: true }, '/profile'],
    [
      'one came by a portal link before the set-up',
      { signedIn: true, setupNeeded: true, memberships: [acme] },
      '/a/acme/webhooks',
    ],
  ] as const)('where %s', (_, change, home) => {
    expect(homeOf({ ...signedOut, ...change } as Session)).toBe(home);
  });
});
