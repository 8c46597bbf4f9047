/**
 * A connection string as the library that connects is to read it: `sslmode` means what it means to libpq (`psql`), and not what
 * that library made of it before. With `require` the server's certificate is looked at only where `sslrootcert` is given.
 *
 * https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS
 */
export function asLibpqReads(url: string): string {
  const read = new URL(url);
  if (read.searchParams.has('sslmode')) read.searchParams.set('uselibpqcompat', 'true');
  return read.href;
}
