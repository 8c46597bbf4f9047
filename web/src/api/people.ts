import { answer, api } from './client.ts';
import { listQuery } from './pages.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
/** A person in one role: who belongs to two accounts is listed once for each. */
export type Person = Schemas['Person'];
export type NewPerson = Schemas['NewPerson'];
/** The link is `null` for who can sign in already. */
export type InvitedPerson = Schemas['InvitedPerson'];
export type AccountRole = NonNullable<Schemas['RoleChange']['role']>;

/** @param accountId whose people; `null`: the operators */
export function peopleQuery(accountId: string | null) {
  const about = accountId === null ? { role: 'operator' as const } : { accountId };
  return listQuery<Person>(['people', accountId], (cursor, signal) =>
    answer(api.GET('/v1/people', { params: { query: { ...about, limit: 100, ...cursor } }, signal })),
  );
}

export function addPerson(person: NewPerson): Promise<InvitedPerson> {
  return answer(api.POST('/v1/people', { body: person }));
}

export function changeRole(id: string, role: AccountRole): Promise<Person> {
  return answer(api.PATCH('/v1/people/{id}', { params: { path: { id } }, body: { role } }));
}

export async function removePerson(id: string): Promise<void> {
  await api.DELETE('/v1/people/{id}', { params: { path: { id } } });
}

/** A link by which somebody chooses a password; the ones before end. */
export function makePasswordLink(id: string): Promise<Schemas['HandedLink']> {
  return answer(api.POST('/v1/people/{id}/password-link', { params: { path: { id } } }));
}
