import { errorClassCode } from '../../codes.ts';
import { deliveryColumns, type Span } from './rows.ts';
import type { Statement } from './statement.ts';
import type { WebhookPair } from './webhook-pairs.ts';

/** Whose deliveries are walked through: those of some webhooks, of an account, or all. */
export type Scope = readonly WebhookPair[] | string | null;

/** What waits. `parts`: those that are indexed apart, whole, since they are few; without: all, newest first. */
export interface WaitingSource {
  readonly table: 'waiting';
  readonly scope: Scope;
  readonly parts: readonly string[] | null;
}

/** What has ended: all, or what an index has alone. */
export interface EndedSource {
  readonly table: 'deliveries';
  readonly scope: Scope;
  readonly only:
    | { readonly states: readonly number[] }
    | { readonly errorClass: NonNullable<Parameters<typeof errorClassCode>[0]> }
    | { readonly statusCode: number }
    | null;
}

export type Source = WaitingSource | EndedSource;

/** Parts of what waits that have an index of their own; the conditions stand in the statement as the index has them. */
export const waitingParts = {
  retrying: 'state = 2 and state <= 2',
  pending: 'state = 1 and state <= 2',
  inOrder: 'order_key is not null and state <> 1',
} as const;

/** Of many webhooks a few rows each are enough: together they are what was asked for. */
const fewestOfEach = 20;

/**
 * The newest rows of a source within a span, `most` at most of each range of its index (`share`). Of a range that has that many
 * there may be more, below its lowest: `most` is in each row, `null` where there are no more in any case.
 */
export function examine(source: Source, span: Span, most: number, statement: Statement): string[] {
  if (source.table === 'waiting' && source.parts) {
    return source.parts.map((part) => of(source, span, null, statement, [part]));
  }
  const ofEach = Array.isArray(source.scope)
    ? Math.min(most, Math.max(fewestOfEach, Math.ceil((most * 4) / source.scope.length)))
    : most;
  return conditionsOf(source, statement).map((conditions) => of(source, span, ofEach, statement, conditions));
}

/** The conditions of each range of the index, beside the scope. */
function conditionsOf(source: Source, { parameter }: Statement): string[][] {
  const only = source.table === 'deliveries' ? source.only : null;
  if (!only) return [[]];
  if ('states' in only) return only.states.map((state) => [`state = ${state}`, 'state in (4, 5)']);
  if ('errorClass' in only) {
    const code = parameter(errorClassCode(only.errorClass), 'smallint');
    return [[`error_class = ${code}`, 'error_class is not null']];
  }
  const code = parameter(only.statusCode, 'smallint');
  return [[`status_code = ${code}`, 'status_code not between 200 and 299']];
}

function of(
  { table, scope }: Source,
  { from, before }: Span,
  most: number | null,
  { parameter }: Statement,
  conditions: readonly string[],
): string {
  const inSpan = [
    ...conditions,
    `seq >= ${parameter(from, 'bigint')}`,
    `seq < ${parameter(before, 'bigint')}`,
  ];
  const newest = (of: readonly string[]): string =>
    `(select * from ${table} where ${[...of, ...inSpan].join(' and ')}${most === null ? '' : ` order by seq desc limit ${most}`})`;
  const columns = `${deliveryColumns[table]}, ${most === null ? 'null' : most}::integer as most`;
  if (scope === null) return `select ${columns}, 0::bigint as share from ${newest([])} as r`;
  if (typeof scope === 'string') {
    return `select ${columns}, 0::bigint as share from ${newest([`account = ${parameter(scope, 'text')}`])} as r`;
  }
  const accounts = parameter(
    scope.map(({ account }) => account),
    'text[]',
  );
  const webhooks = parameter(
    scope.map(({ webhook }) => webhook),
    'text[]',
  );
  return `select ${columns}, p.share from unnest(${accounts}, ${webhooks}) with ordinality as p (account, webhook, share)
    cross join lateral ${newest(['account = p.account', 'webhook = p.webhook'])} as r`;
}
