import type { Asking } from '../questions/questions.ts';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** What the statements of a question did. */
export interface Explained {
  readonly statements: number;
  /** Tables that were read from end to end. */
  readonly wholeTables: readonly string[];
  /** Rows that the statement with the most of them read. */
  readonly mostRows: number;
  /** Tables and indexes that were locked at once. */
  readonly mostLocks: number;
}

/** Asks the same, and has each statement explained as it is carried out. */
export function explaining(asking: Asking): Asking & { readonly explained: Explained } {
  const explained = { statements: 0, wholeTables: [] as string[], mostRows: 0, mostLocks: 0 };
  return {
    ...asking,
    explained,
    async read<Row>(sql: string, values?: readonly unknown[]) {
      const [row] = await asking.read<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
        `explain (analyze, format json) ${sql}`,
        values,
      );
      const nodes = row?.['QUERY PLAN'].flatMap(({ Plan }) => nodesOf(Plan)) ?? [];
      const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
      explained.statements++;
      explained.mostRows = Math.max(
        explained.mostRows,
        scans.reduce((sum, scan) => sum + rowsOf(scan), 0),
      );
      for (const scan of scans) {
        if (scan['Node Type'] === 'Seq Scan') explained.wholeTables.push(scan['Relation Name'] ?? '');
      }
      const found = await asking.read<Row>(sql, values);
      const [locks] = await asking.read<{ n: number }>(
        'select count(*) as n from pg_locks where pid = pg_backend_pid()',
      );
      explained.mostLocks = Math.max(explained.mostLocks, locks?.n ?? 0);
      return found;
    },
  };
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

function rowsOf(scan: PlanNode): number {
  return ((scan['Actual Rows'] ?? 0) + (scan['Rows Removed by Filter'] ?? 0)) * (scan['Actual Loops'] ?? 0);
}
