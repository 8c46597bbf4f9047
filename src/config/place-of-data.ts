import type { Config } from './config.ts';

/** Where the data are, for people: a directory, or a PostgreSQL's host and database without user and password. */
export function placeOfData({ storage }: Pick<Config, 'storage'>): string {
  if (storage.databaseUrl === null) return storage.dataDir;
  const { host, pathname } = new URL(storage.databaseUrl);
  return `${host}${pathname} (PostgreSQL)`;
}
