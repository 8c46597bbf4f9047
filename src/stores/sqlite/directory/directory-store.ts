import type { Kysely } from 'kysely';
import type { Clock } from '../../../core/clock.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { Threads } from '../thread/threads.ts';
import type { Tables } from './tables.ts';

/** What every part of the directory works with. */
export interface DirectoryStore extends Threads {
  /** Small queries; lists have their turns. */
  readonly db: Kysely<Tables>;
  readonly cipher: Cipher;
  readonly clock: Pick<Clock, 'now'>;
}
