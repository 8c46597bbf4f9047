/** Reads a Dockerfile as far as ours needs it: https://docs.docker.com/reference/dockerfile/ */

export interface Instruction {
  /** `COPY`. */
  readonly name: string;
  /** `--from=build` is `from`. */
  readonly flags: Readonly<Record<string, string>>;
  /** What stands behind name and flags, on one line. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface Stage {
  /** `FROM … AS build`; `null`: it has none. */
  readonly name: string | null;
  /** `node:26.10.0-trixie-slim`. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** @returns the stages; the last one is the image */
export function readDockerfile(text: string): readonly Stage[] {
  const stages: { name: string | null; base: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructionsOf(text)) {
    if (instruction.name === 'FROM') {
      const [base = '', as, name] = instruction.text.split(/\s+/);
      stages.push({ name: as?.toUpperCase() === 'AS' && name ? name : null, base, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (!stage)
        throw new Error(`Line ${instruction.line}: ${instruction.name} stands before the first FROM.`);
      stage.instructions.push(instruction);
    }
  }
  return stages;
}

/** A line that ends with a backslash goes on in the next one; a line with a comment is none, there too. */
function instructionsOf(text: string): readonly Instruction[] {
  const found: Instruction[] = [];
  let begun: { readonly line: number; readonly parts: string[] } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    begun ??= { line: index + 1, parts: [] };
    begun.parts.push(trimmed.replace(/\\$/, '').trim());
    if (trimmed.endsWith('\\')) continue;
    found.push(instructionOf(begun.parts.join(' '), begun.line));
    begun = null;
  }
  return found;
}

function instructionOf(text: string, line: number): Instruction {
  const [, name, given = '', rest = ''] = /^([A-Za-z]+)((?:\s+--\S+)*)\s*(.*)$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`Line ${line} is no instruction: ${text}`);
  const flags = given
    .trim()
    .split(/\s+/)
    .filter((flag) => flag !== '')
    .map((flag) => {
      const [key = '', ...value] = flag.slice(2).split('=');
      return [key, value.join('=')] as const;
    });
  return { name: name.toUpperCase(), flags: Object.fromEntries(flags), text: rest, line };
}

/** The words of what is written as a list (`["node", "-e"]`); `null` where it is left to a shell. */
export function listOf(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null;
  const words: unknown = JSON.parse(text);
  return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null;
}

/** The latest instruction of a name. */
export function lastOf({ instructions }: Stage, name: string): Instruction | undefined {
  return instructions.findLast((instruction) => instruction.name === name);
}

/** `A=1 B="two words"` of `ENV` and `LABEL`. */
export function pairsOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([^\s=]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)];
  return Object.fromEntries(pairs.map(([, key = '', quoted, plain = '']) => [key, quoted ?? plain]));
}
