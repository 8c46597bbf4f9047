import type { ClientBase, Pool } from 'pg';
import { createAskers } from '../sql/askers.ts';
import { storable } from '../sql/to-query.ts';
import { inTransaction } from '../transaction.ts';
import { answerable } from '../unreachable.ts';

/** A question being worked at. What it reads is of one moment, until it goes on to another one. */
export interface Asking {
  /** Rows of one statement, which is bounded by what it asks for: the time-out is for a database in trouble. */
  read<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * What is read from now on is of a later moment. Each partition that was touched, and each of its indexes, is locked until
   * then: a server has room for some 6,000 locks, and a year has as many partitions and indexes as that.
   */
  goOn(): Promise<void>;
  /** For what asks by itself. */
  readonly client: ClientBase;
  /** How long the question is worked at, its turn's waiting left out, ms. */
  spentMs(): number;
}

/**
 * Questions about what is stored, on connections of their own. Each has a snapshot for as long as it takes: some ms for most,
 * {@link longestStatementMs} for a statement at most.
 */
export interface Questions {
  /** @param asker the account in whose turn it is asked; `null`: an operator, or the gateway itself */
  ask<T>(asker: string | null, question: (asking: Asking) => Promise<T>): Promise<T>;
}

/** No statement takes a hundredth of it where the database is well. */
const longestStatementMs = 10_000;

/**
 * Compiling a statement takes longer than it, and parallel workers are there for others. Statistics of a table that has just
 * been filled say that it is empty: an index is to be used all the same.
 */
const settings =
  `set local statement_timeout = ${longestStatementMs}; set local jit = off; ` +
  'set local max_parallel_workers_per_gather = 0; set local enable_seqscan = off; ' +
  // Before the snapshot is taken: a day that is written anew meanwhile (erasure/copy-partition.ts) has rows that it would not see.
  'lock table only events, only deliveries, only attempts in access share mode';

/** @param pool for questions alone; one asker has half of its connections at most */
export function createQuestions(pool: Pool): Questions {
  const atOnce = pool.options.max;
  const askers = createAskers({ atOnce, ofOne: Math.ceil(atOnce / 2) });
  return {
    ask: (asker, question) =>
      askers.inTurn(asker ?? '', () =>
        answerable(
          inTransaction(pool, 'repeatable read read only', (client) => work(client, question), { settings }),
        ),
      ),
  };
}

async function work<T>(client: ClientBase, question: (asking: Asking) => Promise<T>): Promise<T> {
  const began = performance.now();
  return question({
    async read<Row>(sql: string, values: readonly unknown[] = []) {
      const { rows } = await client.query(sql, values.map(storable));
      return rows as Row[];
    },
    async goOn() {
      await client.query(`commit; begin isolation level repeatable read read only; ${settings}`);
    },
    client,
    spentMs: () => performance.now() - began,
  });
}
