import type { Clock } from '../../../core/clock.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { SqlDatabase } from '../sql-database.ts';

/** What every part of the directory works with. */
export interface DirectoryStore extends SqlDatabase {
  readonly cipher: Cipher;
  readonly clock: Pick<Clock, 'now'>;
}
