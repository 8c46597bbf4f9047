import type { Dialect } from 'kysely';

/** The store's database for a library that has tables of its own in it, by queries that are not transactions. */
export interface LibraryDatabase {
  readonly dialect: Dialect;
  /** Whose SQL it is, and so how truth and instants are kept. */
  readonly type: 'sqlite' | 'postgres';
}
