import { formFormat } from './form.ts';
import type { Format } from './format.ts';

/** The form as a query string: no body, no content type. */
export const getFormat: Format = { ...formFormat, contentType: null };

/**
 * Path and query that further query fields can be appended to: `/dlr` → `/dlr?`, `/dlr?a=1` → `/dlr?a=1&`.
 * The URL's own query stays as it is.
 */
export function openQuery(url: URL): string {
  const { pathname, search } = url;
  if (search === '') return `${pathname}?`;
  return search.endsWith('&') ? pathname + search : `${pathname}${search}&`;
}
