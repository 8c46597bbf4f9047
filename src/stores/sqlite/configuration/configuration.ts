import type { DatabaseSync } from 'node:sqlite';
import type { StoredConfiguration } from '../../ports/configuration.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { changeConfiguration, type Decide } from '../../sql/configuration/change-configuration.ts';
import { readConfiguration } from '../../sql/configuration/read-configuration.ts';
import { openDatabase } from '../open-database.ts';
import { queriesOn } from '../thread/kysely-dialect.ts';

/** All that is configured, also beside a gateway. */
export async function readWholeConfiguration(file: string, cipher: Cipher): Promise<StoredConfiguration> {
  const db = openDatabase(file, 'desk');
  try {
    db.exec('begin');
    return await readConfiguration(queriesOn(db), cipher);
  } finally {
    end(db);
  }
}

/**
 * Reads, decides and writes in one transaction: all of the changes are on disk when it resolves, or none, whenever the
 * process ended. No gateway may have the database, since it keeps in memory what is configured.
 *
 * @throws whatever `decide` throws, and nothing was written
 */
export async function changeWholeConfiguration<T>(
  file: string,
  cipher: Cipher,
  now: number,
  decide: Decide<T>,
): Promise<T> {
  const db = openDatabase(file, 'desk');
  try {
    db.exec('begin immediate');
    const { changes, result } = await changeConfiguration(queriesOn(db), cipher, now, decide);
    if (changes) db.exec('commit');
    return result;
  } finally {
    end(db);
  }
}

function end(db: DatabaseSync): void {
  if (db.isTransaction) db.exec('rollback');
  db.close();
}
