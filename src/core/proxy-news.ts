/** What can be wrong with a proxy: the class of its trouble. */
export const proxyTroubles = [
  /** Its name has no address. */
  'unresolved',
  /** No connection with it. */
  'unreachable',
  /** No TLS with it. */
  'tls',
  /** It wants another user or password (407). */
  'authentication',
  /** It lets nobody out. */
  'refused',
  /** It closes connections without answering. */
  'closed',
  /** It does not answer. */
  'silent',
  /** What it answers cannot be read. */
  'invalid',
] as const;
export type ProxyTrouble = (typeof proxyTroubles)[number];

/** What is heard of the proxy: plain data, fit to be told to another thread. */
export type ProxyNews =
  | { readonly kind: 'works' }
  | { readonly kind: 'fails'; readonly trouble: ProxyTrouble; readonly detail: string };
