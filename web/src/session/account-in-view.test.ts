// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { accountInView } from './account-in-view.ts';
import type { Session } from './session.ts';

function sessionOf(...memberships: Session['memberships']): Session {
  const person = { id: 'p', name: 'Ann', email: 'ann@example.com' };
  return {
    signedIn: true,
    setupNeeded: false,
    minPasswordLength: 12,
    oidc: null,
    via: 'password',
    person,
    memberships,
    grantsAccess: true,
  };
}
const developer = sessionOf(
  { role: 'developer', accountId: 'acme', accountName: 'Acme' },
  { role: 'viewer', accountId: 'globex', accountName: 'Globex' },
);
const operator = sessionOf({ role: 'operator', accountId: null, accountName: null });

describe('the account in view', () => {
  it("is the page's", () => {
    expect(accountInView(developer, 'globex')).toBe('globex');
    expect(accountInView(operator, 'globex')).toBe('globex');
  });

  it("is one's own where the page is about oneself, or about an account of others", () => {
    expect(accountInView(developer, undefined)).toBe('acme');
    expect(accountInView(developer, 'initech')).toBe('acme');
  });

  it("is none on an operator's own pages, or where one belongs to none", () => {
    expect(accountInView(operator, undefined)).toBeNull();
    expect(accountInView(sessionOf(), undefined)).toBeNull();
    expect(accountInView(undefined, undefined)).toBeNull();
  });
});
