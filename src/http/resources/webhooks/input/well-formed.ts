import { joinPath } from '../../../requests/json-path.ts';
import type { Report } from './draft.ts';

/** JSON can carry half of a surrogate pair (`"\ud83d"`), which no encoding can send. */
export function checkText(value: unknown, report: Report, path = ''): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) report(path, 'has half of a surrogate pair, which is not text.');
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkText(item, report, joinPath(path, index));
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) checkText(part, report, joinPath(path, name));
  }
}
