import type { DatabaseSync } from 'node:sqlite';
import { prepare } from './reader/work.ts';

/** The last event whose terms are of before reports were told apart and numbers had one form; 0: there is none. */
export function lastFormerEvent(db: DatabaseSync): number {
  return Number(prepare(db, 'SELECT last_event FROM former_terms').get()?.last_event ?? 0);
}
