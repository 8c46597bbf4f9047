/**
 * Ends of names that no public DNS answers: reserved (RFC 6761, 6762, 8375; ICANN's `internal`), never delegated for how
 * often they are used inside (`corp`, `home`, `mail`; RFC 6762, appendix G), or the ends of well-known local resolvers.
 */
const insideEnds = [
  ...[
    'localhost',
    'localdomain',
    'local',
    'internal',
    'home.arpa',
    'intranet',
    'private',
    'corp',
    'home',
    'mail',
  ],
  ...['lan', 'consul'],
];

/**
 * Makes the test whether a name can only be one of an inside network: one without a dot, or with such an end.
 * @param domains further ends, as the operator names them
 */
export function createInsideNames(domains: readonly string[]): (hostname: string) => boolean {
  const ends = [...insideEnds, ...domains.map(plain)].map((end) => `.${end}`);
  return (hostname) => {
    const name = plain(hostname);
    return !name.includes('.') || ends.some((end) => `.${name}`.endsWith(end));
  };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/^\.+|\.+$/g, '');
}
