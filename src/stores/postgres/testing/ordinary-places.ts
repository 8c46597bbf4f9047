import type { Clock } from '../../../core/clock.ts';
import { createCipher } from '../../secrets/cipher.ts';
import { createOrdinaryParts } from '../../sql/ordinary.ts';
import { openNumberKey } from '../../sql/sealing/gateway-secrets.ts';
import { createPool } from '../pool.ts';
import { createPostgresDatabase } from '../sql/database.ts';
import { createPostgresDialect } from '../sql/kysely-dialect.ts';
import { createTestDatabases } from './databases.ts';

/** What seals in stores of tests. */
export const storeCipher = createCipher(Buffer.alloc(32, 7).toString('hex'));

/** Places for what is ordinary of a store on PostgreSQL, a database each. */
export function createOrdinaryPlaces() {
  const databases = createTestDatabases();

  async function openWith(place: string, clock: Pick<Clock, 'now'>, cipher = storeCipher) {
    const pool = createPool({ url: await databases.laidOut(place), most: 8 });
    const database = createPostgresDatabase(pool);
    return {
      ...createOrdinaryParts(database, cipher, clock),
      numberKey: () => openNumberKey(database, cipher),
      portalDatabase: { dialect: createPostgresDialect(pool), type: 'postgres' } as const,
      pool,
      close: () => pool.end(),
    };
  }

  return {
    openWith,
    open: (place: string, clock: Clock) => openWith(place, clock),
    remove: () => databases.remove(),
  };
}
