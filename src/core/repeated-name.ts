import { endOfText, endOfValue, skipBlanks } from '../shared/json-members.ts';

/** A list or an object that is not closed yet. */
interface Open {
  /** `null`: it is a list. */
  readonly names: Set<string> | null;
  /** The name or the place in the list of what stands there. */
  step: string | number;
}

/**
 * Where a name stands twice in one object, of which `JSON.parse` takes the last without a word; `null`: nowhere. One pass
 * without recursion.
 *
 * @param text JSON that `JSON.parse` reads; of other text nothing is right
 * @param kept a member of the outermost object into which nobody looks, since it is kept as it came
 * @returns the steps to the first one, names and places in lists
 */
export function repeatedName(text: string, kept: string | null = null): (string | number)[] | null {
  const open: Open[] = [];
  for (let at = 0; at < text.length; at++) {
    const within = open.at(-1);
    switch (text[at]) {
      case '{':
        open.push({ names: new Set(), step: '' });
        break;
      case '[':
        open.push({ names: null, step: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (typeof within?.step === 'number') within.step++;
        break;
      case '"': {
        const end = endOfText(text, at);
        const colon = skipBlanks(text, end);
        if (within?.names && text[colon] === ':') {
          const name = JSON.parse(text.slice(at, end)) as string;
          within.step = name;
          if (within.names.has(name)) return open.map(({ step }) => step);
          within.names.add(name);
          if (open.length === 1 && name === kept) {
            at = endOfValue(text, skipBlanks(text, colon + 1)) - 1;
            break;
          }
        }
        at = end - 1;
      }
    }
  }
  return null;
}
