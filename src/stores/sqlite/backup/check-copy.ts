import type { DatabaseSync } from 'node:sqlite';
import { type Applied, readApplied, SchemaError } from '../migrations/identify.ts';
import { migrations } from '../migrations/index.ts';
import { BackupError } from './backup-error.ts';
import { sealingKeysInUse } from './sealed-values.ts';

/** What a copy of a database holds. */
export interface CopyContents {
  readonly step: Applied;
  /** The ids of the master keys that its secrets are sealed with. */
  readonly keyIds: readonly string[];
  readonly webhooks: number;
  /** When the last event in it came, ms since the Unix epoch; `null`: it has none. */
  readonly lastEvent: number | null;
}

/** `whole`: indexes are compared with their tables too, which takes about twice as long. */
export type CheckDepth = 'quick' | 'whole';

const namedProblems = 3;

/**
 * Reads a copy from its first to its last page.
 * @throws {BackupError} `data` when it is damaged, or is no database of ours that this version can read
 */
export function checkCopy(db: DatabaseSync, name: string, depth: CheckDepth): CopyContents {
  try {
    const step = readApplied(db, migrations).at(-1);
    if (!step) throw new BackupError('data', `${name} holds no Hookwire database: it is empty.`);
    checkIntegrity(db, name, depth);
    return {
      step,
      keyIds: sealingKeysInUse(db),
      webhooks: count(db, 'select count(*) as n from webhooks where deleted_at is null') ?? 0,
      lastEvent: count(db, 'select max(seq) as n from events'),
    };
  } catch (error) {
    throw damaged(error, name);
  }
}

function checkIntegrity(db: DatabaseSync, name: string, depth: CheckDepth): void {
  const pragma = depth === 'whole' ? 'integrity_check' : 'quick_check';
  const rows = db.prepare(`pragma ${pragma}(${namedProblems})`).all();
  const problems = rows.map((row) => String(Object.values(row)[0]));
  if (problems.length === 1 && problems[0] === 'ok') return;
  throw new BackupError('data', `${name} is damaged: ${problems.join('; ')}.`);
}

function count(db: DatabaseSync, sql: string): number | null {
  const n = db.prepare(sql).get()?.n;
  return typeof n === 'number' ? n : null;
}

/** NOTADB, CORRUPT: the words of SQLite alone do not say which file is meant. */
function damaged(error: unknown, name: string): unknown {
  if (error instanceof SchemaError) return new BackupError('data', `${name}: ${error.message}`, error);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  if (code === 26) return new BackupError('data', `${name} is no SQLite database.`, error);
  if (code === 11) return new BackupError('data', `${name} is damaged: ${(error as Error).message}.`, error);
  return error;
}
