import type { SQLInputValue } from 'node:sqlite';
import type { ForgetPlace, Forgetting } from '../../ports/forgetting.ts';
import type { Desk } from '../desk/desk.ts';
import { type OldRows, oldRows } from './old-rows.ts';

/** A step looks at so many rows, and takes as many away at most. */
const rowsAStep = 200;

/** What goes when it is old, through the desk. */
export function createSqliteForgetting(desk: Desk): Forgetting {
  return {
    async step(from, times) {
      const { kind, after } = from ?? { kind: 0, after: [] };
      const rows = oldRows[kind];
      if (!rows) throw new Error(`There is no kind ${kind} of what is forgotten.`);
      const end = await endOf(rows, after);
      const { changes } = await desk.query(removal(rows, after, end), [
        ...[times.now, times.keep.payloadDays, times.keep.logDays, times.auditDays],
        ...after,
        ...(end ?? []),
      ]);
      const isThrough = end === null || (rows.oldestFirst === true && changes < rowsAStep);
      const ofKind = isThrough ? null : { kind, after: end };
      return { what: rows.what, gone: changes, next: ofKind ?? nextKind(kind) };
    },
  };

  /** The key of the last row of the next piece; `null`: the rest is less than a piece. */
  async function endOf(
    { table, key }: OldRows,
    after: readonly SQLInputValue[],
  ): Promise<(string | number)[] | null> {
    const columns = key.join(', ');
    const behind = after.length > 0 ? `where ${compare(key, '>')}` : '';
    const sql = `select ${columns} from ${table} ${behind} order by ${columns} limit 1 offset ${rowsAStep - 1}`;
    const { rows } = await desk.query(sql, after);
    const [row] = rows;
    return row ? key.map((column) => row[column] as string | number) : null;
  }
}

function nextKind(kind: number): ForgetPlace {
  return kind + 1 < oldRows.length ? { kind: kind + 1, after: [] } : null;
}

function removal(
  { table, key, isOld }: OldRows,
  after: readonly SQLInputValue[],
  end: readonly SQLInputValue[] | null,
): string {
  const span = [after.length > 0 && compare(key, '>'), end !== null && compare(key, '<=')].filter(Boolean);
  return `with clock (now, payload_days, log_days, audit_days) as (values (?, ?, ?, ?))
    delete from ${table} as old where ${[...span, `(${isOld})`].join(' and ')}`;
}

function compare(key: readonly string[], operator: '>' | '<='): string {
  return `(${key.join(', ')}) ${operator} (${key.map(() => '?').join(', ')})`;
}
