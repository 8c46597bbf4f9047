import { shown } from '../../core/shown.ts';

const plainKey = /^[A-Za-z_$][\w$-]*$/;

/** Adds a step to a JSON path: `customHeaders[1].name`; `''` is the root. A long name is cut. */
export function joinPath(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  const name = shown(step);
  if (!plainKey.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** The JSON path of some steps from the root. */
export function pathOf(steps: readonly (string | number)[]): string {
  return steps.reduce<string>(joinPath, '');
}

/** The steps of a JSON pointer (RFC 6901). */
export function pointerSteps(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
