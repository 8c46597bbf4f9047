import { HookwireError } from '../../core/errors.ts';
import type { Credentials } from './credentials.ts';

/** No form and no foreign page can set it: they would have to ask first, and nobody is ever allowed to. */
const csrfHeader = 'hookwire-csrf';
const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether a request was made by a page of our own: browsers say so themselves, where they know the connection to be
 * secure (`Sec-Fetch-Site`), and else name the page's origin. `null`: neither, so it was no browser, or an old one.
 */
function isOwnPage({ headers }: Pick<Credentials, 'headers'>, publicUrl: string): boolean | null {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  if (origin === undefined) return null;
  if (origin === publicUrl) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.host;
}

/**
 * What a request with a person's cookie must show where it may change something.
 * @throws HookwireError `csrf`
 */
export function requireOwnPage(request: Credentials, publicUrl: string): void {
  if (readingMethods.includes(request.method)) return;
  if (request.headers[csrfHeader] !== '1') {
    throw new HookwireError(
      'csrf',
      'A call with a cookie that may change something needs "hookwire-csrf: 1".',
    );
  }
  if (isOwnPage(request, publicUrl) !== true) throw foreign();
}

/**
 * For calls that make a cookie: nobody else's page may sign a visitor in.
 * @throws HookwireError `csrf`
 */
export function refuseForeignPage(request: Credentials, publicUrl: string): void {
  if (isOwnPage(request, publicUrl) === false) throw foreign();
}

function foreign(): HookwireError {
  return new HookwireError('csrf', 'The call comes from a page that is not of this gateway.');
}
