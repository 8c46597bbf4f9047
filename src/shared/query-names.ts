/**
 * The names in a URL's own query, as servers decode them (`%69` is `i`, `+` a space); none for what is not a URL. The
 * empty name that `?&` or `?=1` has is left out.
 */
export function namesInQuery(url: string): ReadonlySet<string> {
  const parsed = URL.parse(url);
  return new Set(parsed ? [...parsed.searchParams.keys()].filter((name) => name !== '') : []);
}
