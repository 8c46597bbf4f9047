import { answer, api } from './client.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type Session = Schemas['Session'];
export type PasswordLink = Schemas['OpenPasswordLink'];
export type PersonChange = Schemas['PersonChange'];

/** Who is signed in; answered also when nobody is. */
export function getSession(): Promise<Session> {
  return answer(api.GET('/v1/session'));
}

export function signIn(credentials: Schemas['SignIn']): Promise<Session> {
  return answer(api.POST('/v1/session', { body: credentials }));
}

export async function endSession(): Promise<void> {
  await api.DELETE('/v1/session');
}

/** Makes the first operator, by the link that the gateway printed. */
export function setUp(operator: Schemas['SetUp']): Promise<Session> {
  return answer(api.POST('/v1/session/setup', { body: operator }));
}

/** What a link for a password is about. */
export function readPasswordLink(token: string): Promise<PasswordLink> {
  return answer(api.POST('/v1/session/password-link', { body: { token } }));
}

export function setPassword(input: Schemas['SetPassword']): Promise<Session> {
  return answer(api.POST('/v1/session/password', { body: input }));
}

export function changePerson(change: PersonChange): Promise<Session> {
  return answer(api.PATCH('/v1/session/person', { body: change }));
}

/** Exchanges a portal link's token for the bearer of this tab. */
export function enterBy(token: string): Promise<Schemas['PortalLinkSession']> {
  return answer(api.POST('/v1/session/portal-link', { body: { token } }));
}
