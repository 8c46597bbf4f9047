import { isDeepStrictEqual } from 'node:util';
import type { AuditChange } from '../../stores/ports/audit.ts';

/** Stands for a value that is never shown. */
export const hidden = '••••';

/** What differs between two objects, by path; lists are compared as a whole. */
export function fieldChanges(path: string, before: unknown, after: unknown): AuditChange[] {
  if (isPlain(before) && isPlain(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      fieldChanges(path === '' ? name : `${path}.${name}`, before[name], after[name]),
    );
  }
  if (isDeepStrictEqual(before, after)) return [];
  return [{ field: path, from: before ?? null, to: after ?? null }];
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
