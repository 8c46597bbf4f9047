/** Where better-auth thinks that it is served. None of its routes is: our own call a few of them. */
export const authBasePath = '/v1/session';

/** Set by us alone; requests are made anew for better-auth, so nobody outside can send it. */
export const addressHeader = 'x-hookwire-client';

export const oidcProviderId = 'oidc';
export const cookiePrefix = 'hookwire';

/** The name of the cookie that says who is signed in. With https it is sent over https alone, and its name says so. */
export function sessionCookieName(publicUrl: string): string {
  return `${publicUrl.startsWith('https:') ? '__Secure-' : ''}${cookiePrefix}.session_token`;
}
