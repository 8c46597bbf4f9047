import { ApiError } from '../../api/problem.ts';
import { plainWords } from '../../ui/field-words.ts';
import { sentence } from './rules.ts';

/** What the gateway finds wrong with an input: by its paths, in words for a field. */
export function errorsByPath(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const found: Record<string, string> = {};
  for (const { path, message } of error.problem.errors ?? []) {
    // A sample event is edited as JSON, by the names that its fields have there.
    found[path] ??= sentence(isUnder(path, 'event') ? message : plainWords(message));
  }
  return found;
}

/** Whether a path is the field's own or of something inside it. */
export function isUnder(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}
