import { describe, expect, it } from 'vitest';
import type { SignedIn } from '../../../people/person.ts';
import type { NewAuditEntry } from '../../../stores/ports/audit.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { auditOidc } from './audit-oidc.ts';

const ada: SignedIn = {
  person: { id: 'per_1', name: 'Ada', email: 'ada@example.com' },
  via: 'oidc',
  memberships: [{ id: 'mem_1', role: 'owner', accountId: 'acc_1', accountName: 'Acme', lastSeenAt: null }],
  cookies: [],
};

async function entryOf(cookies: readonly string[]): Promise<NewAuditEntry | null> {
  const written: (NewAuditEntry | Promise<NewAuditEntry | null>)[] = [];
  const counted: NewAuditEntry[] = [];
  const needs = {
    clock: createManualClock(),
    audit: {
      write: (entry: NewAuditEntry | Promise<NewAuditEntry | null>) => void written.push(entry),
      count: (entry: NewAuditEntry) => void counted.push(entry),
      list: async () => ({ data: [], nextCursor: null }),
    },
    people: {
      find: async (cookie: string) => (cookie === 'a=1; session=ada' ? ada : null),
      isPerson: async () => false,
      oidc: { name: 'Acme SSO', start: never, finish: never },
    },
  };
  auditOidc(needs, { cookies, ip: '203.0.113.7' });
  expect(written).toHaveLength(1);
  return (await written[0]) ?? counted[0] ?? null;
}

async function never(): Promise<never> {
  throw new Error('It is over.');
}

describe('the audit log of sign-ins by OpenID Connect', () => {
  it('names the person whose session the answer carries, in the log of their only account', async () => {
    const cookies = ['a=1; Path=/', 'session=ada; HttpOnly; Path=/'];
    expect(await entryOf(cookies)).toMatchObject({
      action: 'session.signedIn',
      accountId: 'acc_1',
      actor: { kind: 'person', id: 'per_1', name: 'Ada' },
      ip: '203.0.113.7',
    });
  });

  it.each([[[]], [['state=; Max-Age=0']]])(
    'tells that nobody came in where the answer sets %j',
    async (cookies) => {
      expect(await entryOf(cookies)).toMatchObject({
        action: 'session.signInFailed',
        accountId: null,
        actor: { kind: 'nobody', id: '', name: 'Acme SSO' },
      });
    },
  );
});
