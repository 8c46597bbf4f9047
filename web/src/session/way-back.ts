/** Pages that are for those who are not signed in: nobody wants back to them. */
const outside = ['/sign-in', '/setup', '/set-password', '/enter'];

/**
 * Where one wanted to go before signing in: a path of this portal, or `null` for anything that leads elsewhere.
 *
 * @param to from the address, so written by anybody
 * @param origin this portal's own
 */
export function wayBack(to: string | undefined, origin: string): string | null {
  if (to === undefined || !to.startsWith('/')) return null;
  const url = URL.parse(to, origin);
  if (!url || url.origin !== origin) return null;
  // "/.//elsewhere.example" is a path of ours whose text would name another host.
  if (url.pathname.startsWith('//') || outside.includes(url.pathname)) return null;
  return `${url.pathname}${url.search}${url.hash}`;
}
