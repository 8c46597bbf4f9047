import type { Pool } from 'pg';
import { AnswerLostError, onConnection } from '../connection.ts';
import { type CommitOptions, type Committed, commitEvents } from './commit-events.ts';
import type { IncomingRow } from './new-event.ts';

/**
 * Commits of which the answer may be lost: the connection breaks, and the server has committed, or has not, or does it yet.
 *
 * ```text
 * commit ─── answer lost ──▸ once more, on another connection ─── no answer either ──▸ the call fails, its events are in doubt
 *    │                         │                                                           │ before the next commit, or probe
 *    ▼                         ▼                                                           ▼
 * stored, told ◂───────────────┴─────────────────────────────── once more, until there is an answer
 * ```
 * Events keep their numbers, so what is stored already is found to be the same (`commit-events.ts`) and is stored once. Who
 * waits for nothing any more has been told to send again, and is told of a duplicate then. Nothing else is committed before what
 * is in doubt is settled: so the couriers hear of it, and in the order of its numbers.
 */
export interface Commits {
  /** @throws when the database does not take them */
  commit(events: readonly IncomingRow[]): Promise<readonly Committed[]>;
  /** Settles what is in doubt, and looks whether the database can be written. */
  probe(): Promise<void>;
}

export interface CommitsOptions extends CommitOptions {
  /** Called with what is on disk before the commit's call hears of it, also where that has failed. */
  readonly onStored: (committed: readonly Committed[]) => void;
}

export function createCommits(pool: Pool, options: CommitsOptions): Commits {
  let inDoubt: (readonly IncomingRow[])[] = [];
  let settling: Promise<void> | null = null;

  async function settleAll(): Promise<void> {
    for (let events = inDoubt[0]; events; events = inDoubt[0]) {
      const committed = await commitEvents(pool, events, options);
      inDoubt = inDoubt.slice(1);
      options.onStored(committed);
    }
  }

  async function settle(): Promise<void> {
    if (inDoubt.length === 0 && settling === null) return;
    settling ??= settleAll().finally(() => {
      settling = null;
    });
    await settling;
  }

  async function twice(events: readonly IncomingRow[]): Promise<readonly Committed[]> {
    try {
      return await commitEvents(pool, events, options);
    } catch (error) {
      if (!(error instanceof AnswerLostError)) throw error;
      try {
        return await commitEvents(pool, events, options);
      } catch (again) {
        inDoubt.push(events);
        throw again;
      }
    }
  }

  return {
    async commit(events) {
      await settle();
      const committed = await twice(events);
      options.onStored(committed);
      return committed;
    },
    async probe() {
      await settle();
      // A record in the server's log, which it flushes as for any commit; it says nothing.
      await onConnection(pool, (client) =>
        client.query(`select pg_logical_emit_message(true, 'hookwire', '')`),
      );
    },
  };
}
