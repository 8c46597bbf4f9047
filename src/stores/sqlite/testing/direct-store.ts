import { DatabaseSync } from 'node:sqlite';
import { sequenceAt } from '../../../core/ids.ts';
import { decodeEvent } from '../../event-body.ts';
import { eventRow } from '../../log/rows.ts';
import type { NewEvent } from '../../ports/delivery-log.ts';
import { getEvent } from '../history/get.ts';
import { listDeliveries } from '../history/list-deliveries.ts';
import { migrate } from '../migrations/migrate.ts';
import { finish } from '../reader/work.ts';
import { createIndexKeeper } from '../search/keeper/keeper.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createCommit } from '../writer/commit.ts';
import { createEventIndex } from '../writer/event-index.ts';
import { createFanOuts } from '../writer/fan-outs.ts';
import type { CommitAnswer } from '../writer/protocol.ts';
import { testNumberKey } from './store-cipher.ts';

/** The writer's commits, the index's keeper and history's questions on one connection; the index is folded early. */
export interface DirectStore {
  readonly db: DatabaseSync;
  /** Stores events; the answer is as the writer thread's. */
  commit(entries: readonly NewEvent[]): CommitAnswer;
  /** A commit that fails before it has written the index, or after. */
  fail(entries: readonly NewEvent[], when: 'early' | 'late'): void;
  /** A piece of the index's keeper; whether there was one to do. */
  keep(): boolean;
  /** As after a crash: what was only in memory is lost. */
  reopen(): void;
  /** The messages of the deliveries that a search for this message finds, newest first. */
  search(messageId: string): readonly string[];
  /** The account's events with this own id. */
  find(id: string, accountId: string | null): string | null;
}

export function createDirectStore(foldAt: number): DirectStore {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  useNumberKey(db, testNumberKey);
  const rules = { foldAt, fanIn: 3, searchFanIn: 4, mostPairs: 30 * foldAt, chunksAPiece: 1 };
  let commit = createCommit(db, createEventIndex(db), createFanOuts(db));
  let keeper = createIndexKeeper(db, createWriteTurns(null), rules);
  let next = sequenceAt(Date.UTC(2026, 10, 22));

  function rowsOf(entries: readonly NewEvent[]): ReturnType<typeof eventRow>[] {
    return entries.map((entry) => {
      const row = eventRow(entry, next);
      next += 1 + entry.webhookIds.length;
      return row;
    });
  }

  return {
    db,
    commit: (entries) => commit(rowsOf(entries), []),
    fail(entries, when) {
      const table = when === 'early' ? 'events' : 'index_tail';
      db.exec(`CREATE TRIGGER refusal BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'no'); END`);
      try {
        commit(rowsOf(entries), []);
      } catch {
        // As wanted.
      }
      db.exec('DROP TRIGGER refusal');
    },
    keep: () => keeper.step(),
    reopen() {
      commit = createCommit(db, createEventIndex(db), createFanOuts(db));
      keeper = createIndexKeeper(db, createWriteTurns(null), rules);
    },
    search(messageId) {
      const request = { filter: { accountId: null, messageId }, limit: 10_000, behind: null };
      return finish(listDeliveries(db, request, { spentMs: () => 0 })).data.map(({ event }) => event.id);
    },
    find(id, accountId) {
      const row = finish(getEvent(db, { id, accountId }))?.event;
      return row ? decodeEvent(row).id : null;
    },
  };
}
