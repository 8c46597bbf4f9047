import { type Clock, systemClock } from '../../../core/clock.ts';
import type { Directory } from '../../ports/directory.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { createAccounts } from './accounts.ts';
import { createDeletedWebhooks } from './deleted-webhooks.ts';
import type { DirectoryStore } from './directory-store.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { createKeys } from './keys.ts';
import { createOpenBreakers } from './open-breakers.ts';
import { createRoutedWebhooks } from './routed-webhooks.ts';
import { createSecrets } from './secrets.ts';
import { createSenders } from './senders.ts';
import { createWebhooks } from './webhooks.ts';

/**
 * The directory. Writes for an account that does not exist throw `not_found`.
 *
 * A deleted account or webhook keeps its row, hidden, because history names it and shows what was sent, and its id stays
 * taken; the keys, senders and signing secrets of an account are gone, the secrets of a webhook once it can no longer be
 * restored.
 *
 * @param clock says when an account was deleted; all other instants come with the calls
 */
export function createSqlDirectory(
  database: SqlDatabase,
  cipher: Cipher,
  clock: Pick<Clock, 'now'> = systemClock,
): Directory {
  const store: DirectoryStore = { ...database, cipher, clock };
  return {
    ...createAccounts(store),
    ...createKeys(store),
    ...createSenders(store),
    ...createWebhooks(store),
    ...createSecrets(store),
    ...createDeletedWebhooks(store),
    ...createRoutedWebhooks(store),
    ...createOpenBreakers(store),
    keptAnswers: createKeptAnswers(store),
  };
}
