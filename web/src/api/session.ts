import type { Session } from '../session/session.ts';
import { call } from './call.ts';

export function getSession(): Promise<Session> {
  return call('GET', '/v1/session');
}

export function signIn(credentials: { email: string; password: string }): Promise<Session> {
  return call('POST', '/v1/session', credentials);
}

export function endSession(): Promise<void> {
  return call('DELETE', '/v1/session');
}

/** Makes the first operator, by the link that the gateway printed. */
export function setUp(input: {
  token: string;
  name: string;
  email: string;
  password: string;
}): Promise<Session> {
  return call('POST', '/v1/session/setup', input);
}

export interface PasswordLink {
  readonly email: string;
  readonly name: string;
  readonly purpose: 'invitation' | 'reset';
  readonly expiresAt: string;
}

/** What a link for a password is about. */
export function readPasswordLink(token: string): Promise<PasswordLink> {
  return call('POST', '/v1/session/password-link', { token });
}

export function setPassword(input: { token: string; password: string; name?: string }): Promise<Session> {
  return call('POST', '/v1/session/password', input);
}

export interface PersonChange {
  readonly name?: string;
  readonly currentPassword?: string;
  readonly newPassword?: string;
}

export function changePerson(change: PersonChange): Promise<Session> {
  return call('PATCH', '/v1/session/person', change);
}

/** Exchanges a portal link's token for the bearer of this tab. */
export function enterBy(token: string): Promise<{ token: string; expiresAt: string }> {
  return call('POST', '/v1/session/portal-link', { token });
}
