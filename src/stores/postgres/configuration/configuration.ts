import type { Pool } from 'pg';
import type { StoredConfiguration } from '../../ports/configuration.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { changeConfiguration, type Decide } from '../../sql/configuration/change-configuration.ts';
import { readConfiguration } from '../../sql/configuration/read-configuration.ts';
import { queriesOn } from '../sql/kysely-dialect.ts';
import { inTransaction } from '../transaction.ts';

/** All that is configured, of one moment. */
export function readWholeConfiguration(pool: Pool, cipher: Cipher): Promise<StoredConfiguration> {
  return inTransaction(pool, 'repeatable read read only', (client) =>
    readConfiguration(queriesOn(client), cipher),
  );
}

/**
 * Reads, decides and writes in one transaction, which sees and changes all as if nobody else did: all of the changes are
 * written when it resolves, or none.
 *
 * @param decide is asked again where others changed something meanwhile
 * @throws whatever `decide` throws, and nothing was written
 */
export async function changeWholeConfiguration<T>(
  pool: Pool,
  cipher: Cipher,
  now: number,
  decide: Decide<T>,
): Promise<T> {
  const { result } = await inTransaction(
    pool,
    'serializable',
    (client) => changeConfiguration(queriesOn(client), cipher, now, decide),
    { inLine: true },
  );
  return result;
}
