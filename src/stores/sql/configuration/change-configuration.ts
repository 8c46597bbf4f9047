import type { Kysely } from 'kysely';
import type { ConfigurationDecision, StoredConfiguration } from '../../ports/configuration.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { beginSealing, checkSealing } from '../sealing/sealing.ts';
import type { Tables } from '../tables.ts';
import { readConfiguration } from './read-configuration.ts';
import { writeConfiguration } from './write-configuration.ts';

export type Decide<T> = (stored: StoredConfiguration) => ConfigurationDecision<T>;

/**
 * Reads, decides and writes, in a transaction that the caller has begun and ends.
 * @returns what was decided; where its `changes` are null nothing was written
 * @throws whatever `decide` throws
 */
export async function changeConfiguration<T>(
  db: Kysely<Tables>,
  cipher: Cipher,
  now: number,
  decide: Decide<T>,
): Promise<ConfigurationDecision<T>> {
  const masterKeys = await db.selectFrom('master_keys').select(['id', 'current']).execute();
  checkSealing(masterKeys, cipher);
  const seals = masterKeys.some(({ id, current }) => id === cipher.keyId && current === 1);
  const decision = decide(await readConfiguration(db, cipher));
  if (decision.changes) {
    for (const query of seals ? [] : beginSealing(db, cipher.keyId, now)) await db.executeQuery(query);
    await writeConfiguration(db, cipher, decision.changes, now);
  }
  return decision;
}
