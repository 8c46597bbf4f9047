import type { Role } from '../session/session.ts';
import { call } from './call.ts';
import { listQuery, type Page } from './pages.ts';

/** A person in one role: who belongs to two accounts is listed once for each. */
export interface Person {
  /** Of the membership: `mem_…`. */
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly accountId: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
  /** Has not chosen a password yet. */
  readonly invited: boolean;
}

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly accountId?: string;
}

/** A link by which somebody chooses a password. */
export interface PasswordLinkMade {
  readonly link: string;
  readonly expiresAt: string;
}

/** @param accountId whose people; `null`: the operators */
export function peopleQuery(accountId: string | null) {
  return listQuery<Person>(['people', accountId], (cursor) => {
    const about = accountId === null ? { role: 'operator' } : { accountId };
    return call<Page<Person>>(
      'GET',
      `/v1/people?${new URLSearchParams({ ...about, limit: '100', ...cursor })}`,
    );
  });
}

/** The link is `null` for who can sign in already. */
export interface InvitedPerson extends Person {
  readonly link: string | null;
  readonly linkExpiresAt: string | null;
}

export function addPerson(person: NewPerson): Promise<InvitedPerson> {
  return call('POST', '/v1/people', person);
}

export function changeRole(id: string, role: Role): Promise<Person> {
  return call('PATCH', `/v1/people/${encodeURIComponent(id)}`, { role });
}

export function removePerson(id: string): Promise<void> {
  return call('DELETE', `/v1/people/${encodeURIComponent(id)}`);
}

export function makePasswordLink(id: string): Promise<PasswordLinkMade> {
  return call('POST', `/v1/people/${encodeURIComponent(id)}/password-link`);
}
