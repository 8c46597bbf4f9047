import type { DatabaseSync } from 'node:sqlite';
import { numberHash } from '../../../core/number-hash.ts';

/** What phone numbers are hashed with (`core/number-hash.ts`), by the connection that a thread has. */
const keys = new WeakMap<DatabaseSync, Uint8Array>();

/** From now on {@link numberKeyOf} gives it to whoever has this connection. */
export function useNumberKey(db: DatabaseSync, key: Uint8Array): void {
  keys.set(db, key);
}

export function numberKeyOf(db: DatabaseSync): Uint8Array {
  const key = keys.get(db);
  if (!key) throw new Error('The thread was not given the number key; see openSqliteStore.');
  return key;
}

/** `numberHash` with that key, which is asked for when the first number comes. */
export function numberHasher(db: DatabaseSync): (normalNumber: string) => string {
  return (normalNumber) => numberHash(numberKeyOf(db), normalNumber);
}
