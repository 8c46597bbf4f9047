import { tableClocks } from '../../src/stores/sqlite/table-clocks.ts';
import { code, generatedFrom, table } from './markdown.ts';

/** `docs/reference/what-is-kept.md` */
export function whatIsKeptPage(): string {
  const rows = Object.entries(tableClocks).map(([name, { holds, ends }]) => [holds, ends, code(name)]);
  return `${generatedFrom('src/stores/sqlite/table-clocks.ts')}# What is kept until when

Every table of the database, and what ends what is in it. [The guide](../guides/retention.md) says how to choose the times,
and what is kept elsewhere. What is deleted once an hour or oftener goes within that hour; where a gateway was not running,
or much is old at once, some time later.

${table(['what', 'until when', 'table'], rows)}`;
}
