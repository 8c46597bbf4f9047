import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

/** SQL with its values in the order of their `?`. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

export type Row = Record<string, SQLOutputValue>;

/** What a statement did. */
export interface StatementResult {
  readonly rows: readonly Row[];
  /** Rows that were changed, or that were given back by `select` or `returning`. */
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/** Runs statements on one connection, keeping them prepared. */
export interface StatementRunner {
  run(statement: Statement): StatementResult;
  /**
   * One transaction: when `condition` changes or finds a row, all of `changes` happen and their results are given back;
   * else nothing happens and the answer is `null`.
   */
  applyIf(condition: Statement, changes: readonly Statement[]): readonly StatementResult[] | null;
}

interface Prepared {
  readonly statement: StatementSync;
  readonly givesRows: boolean;
}

const preparedAtMost = 200;

export function createStatementRunner(db: DatabaseSync): StatementRunner {
  const cache = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = cache.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    const prepared = { statement, givesRows: statement.columns().length > 0 };
    if (cache.size >= preparedAtMost) cache.delete(cache.keys().next().value ?? '');
    cache.set(sql, prepared);
    return prepared;
  }

  function run({ sql, parameters }: Statement): StatementResult {
    const { statement, givesRows } = prepare(sql);
    if (givesRows) {
      const rows = statement.all(...parameters);
      return { rows, changes: rows.length, lastInsertRowid: 0 };
    }
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  function applyIf(condition: Statement, changes: readonly Statement[]): readonly StatementResult[] | null {
    db.exec('begin immediate');
    try {
      const results = run(condition).changes > 0 ? changes.map(run) : null;
      db.exec(results ? 'commit' : 'rollback');
      return results;
    } catch (error) {
      if (db.isTransaction) db.exec('rollback');
      throw error;
    }
  }

  return { run, applyIf };
}
