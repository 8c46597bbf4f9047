import type { InputError } from '../../core/errors.ts';
import { mostErrors } from '../../core/errors.ts';
import { hidden } from '../../http/auditing/changes.ts';
import type { AuditChange } from '../../stores/ports/audit.ts';
import type { Difference, ImportSummary } from './difference.ts';

/** What an import does, or would do, thing by thing, for people. */
export function tellDifferences({ differences, same, others }: ImportSummary): string {
  const lines = differences.flatMap(tellOne);
  const made = differences.filter(({ changes }) => changes === null).length;
  const counts = [
    ...(made > 0 ? [`${made} new`] : []),
    ...(differences.length > made ? [`${differences.length - made} changed`] : []),
    `${same} as in the file`,
    ...(others > 0 ? [`${others} that the file does not have, which stay`] : []),
  ];
  return `${[...lines, `${counts.join(', ')}.`].join('\n')}\n`;
}

function tellOne(difference: Difference): string[] {
  const { kind, id, name, accountId, changes, hasNewSecret } = difference;
  const of = accountId === null ? '' : ` of ${accountId}`;
  const head = `${kind} ${id}${of} (${name})`;
  if (changes === null) return [`new      ${head}${hasNewSecret ? ', with a new signing secret' : ''}`];
  return [`changed  ${head}`, ...changes.map((change) => `           ${tellChange(change)}`)];
}

function tellChange({ field, from, to }: AuditChange): string {
  if (from === hidden || to === hidden) {
    const what = from === null ? 'is added' : to === null ? 'goes' : 'is another';
    return `${field} ${what}`;
  }
  return `${field}: ${JSON.stringify(from)} becomes ${JSON.stringify(to)}`;
}

/** What is wrong with a file, place by place. */
export function tellErrors(file: string, errors: readonly InputError[]): string {
  const many = errors.length >= mostErrors ? ` (the first ${mostErrors} places)` : '';
  const lines = errors.map(({ path, message }) => `  ${path === '' ? 'The file' : path}: ${message}`);
  return `${file} cannot be imported, and nothing was changed${many}:\n${lines.join('\n')}`;
}
