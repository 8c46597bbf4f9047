import type { DatabaseSync } from 'node:sqlite';
import type { ConfigurationDecision, StoredConfiguration } from '../../ports/configuration.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { beginSealing, checkSealing } from '../directory/sealing.ts';
import { openDatabase } from '../open-database.ts';
import { readConfiguration } from './read-configuration.ts';
import { writeConfiguration } from './write-configuration.ts';

/** All that is configured, also beside a gateway. */
export function readWholeConfiguration(file: string, cipher: Cipher): StoredConfiguration {
  const db = openDatabase(file, 'desk');
  try {
    db.exec('begin');
    return readConfiguration(db, cipher);
  } finally {
    end(db);
  }
}

/**
 * Reads, decides and writes in one transaction: all of the changes are on disk when it returns, or none, whenever the
 * process ended. No gateway may have the database, since it keeps in memory what is configured.
 *
 * @throws whatever `decide` throws, and nothing was written
 */
export function changeWholeConfiguration<T>(
  file: string,
  cipher: Cipher,
  now: number,
  decide: (stored: StoredConfiguration) => ConfigurationDecision<T>,
): T {
  const db = openDatabase(file, 'desk');
  try {
    db.exec('begin immediate');
    const masterKeys = db.prepare('select id, current from master_keys').all();
    checkSealing(masterKeys, cipher);
    const seals = masterKeys.some(({ id, current }) => id === cipher.keyId && current === 1);
    const { changes, result } = decide(readConfiguration(db, cipher));
    if (changes) {
      for (const { sql, parameters } of seals ? [] : beginSealing(cipher.keyId, now)) {
        db.prepare(sql).run(...parameters);
      }
      writeConfiguration(db, cipher, changes, now);
      db.exec('commit');
    }
    return result;
  } finally {
    end(db);
  }
}

function end(db: DatabaseSync): void {
  if (db.isTransaction) db.exec('rollback');
  db.close();
}
