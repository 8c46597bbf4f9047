import { Unread } from '../../sources/http-api/unread.ts';
import type { CutPlace } from './event-cuts.ts';
import { eventLimits } from './limits.ts';

/**
 * Reads events without the pieces that are too much, and puts an {@link Unread} in the place of each, so that only the
 * events that they belong to are refused.
 */
export function readWithout(
  body: Buffer,
  cuts: readonly CutPlace[],
  parse: (text: string) => unknown,
): unknown {
  const read = parse(textWithout(body, cuts));
  const events = Array.isArray(read) ? read : [read];
  for (const cut of cuts) {
    const event: unknown = events[cut.place];
    if (typeof event !== 'object' || event === null) continue;
    const name = cut.name === null ? '' : String(parse(body.toString('utf8', ...cut.name)));
    // Such keys are left out of every body.
    if (name === '__proto__') continue;
    Reflect.set(event, name, new Unread(problemOf(cut.why)));
  }
  return read;
}

function textWithout(body: Buffer, cuts: readonly CutPlace[]): string {
  const kept: string[] = [];
  let done = 0;
  for (const { from, to, name } of cuts) {
    kept.push(body.toString('utf8', done, from));
    if (name !== null) kept.push('null');
    done = to;
  }
  kept.push(body.toString('utf8', done));
  return kept.join('');
}

function problemOf(why: CutPlace['why']): string {
  switch (why) {
    case 'levels':
      return `It nests lists and objects more than ${eventLimits.levels} levels deep.`;
    case 'values':
      return `With it the event has more than ${eventLimits.values} values (texts, numbers, lists and so on).`;
    case 'fields':
      return `An event has at most ${eventLimits.fields} fields.`;
  }
}
