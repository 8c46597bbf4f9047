import { STATUS_CODES } from 'node:http';

/** Ways to misbehave, each by the name that a script gives it. */
export const misbehaviours = {
  timeout: 'takes the request and never answers',
  reset: 'resets the connection instead of answering',
  close: 'closes the connection instead of answering',
  half: 'closes half way through the body',
  drip: 'sends headers, then a byte a second',
  endless: 'sends a body that never ends',
  garbage: 'answers something that is not HTTP',
  'huge-headers': 'sends 64 KiB of headers',
  informational: 'sends 103 Early Hints without end',
} as const satisfies Record<string, string>;

export type Misbehaviour = keyof typeof misbehaviours;

/** An ordinary answer in full. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How long to wait before answering. */
  readonly delayMs?: number;
}

/** One answer of a script: a status, a whole answer, or a misbehaviour. */
export type EndpointAnswer = number | PlainAnswer | Misbehaviour;

/**
 * Reads a script of answers separated by commas: a status or a misbehaviour, a status with headers and a delay after
 * colons. The last answer repeats.
 *
 * ```text
 * 503,timeout,200
 * 429:retry-after=2,200:delay=1500,204
 * ```
 * @returns the answers, or `{ error }` in words
 */
export function parseScript(
  text: string,
): { readonly answers: readonly EndpointAnswer[] } | { readonly error: string } {
  const answers: EndpointAnswer[] = [];
  for (const part of text.split(',')) {
    const answer = parseAnswer(part.trim());
    if (answer === null) {
      const known = Object.keys(misbehaviours).join(', ');
      return {
        error: `"${part.trim()}" is not an answer; use a status (200, 429:retry-after=2, 200:delay=1500) or ${known}`,
      };
    }
    answers.push(answer);
  }
  return { answers };
}

function parseAnswer(text: string): EndpointAnswer | null {
  if (Object.hasOwn(misbehaviours, text)) return text as Misbehaviour;
  const [status = '', ...settings] = text.split(':');
  if (!/^[2-5]\d\d$/.test(status)) return null;
  if (settings.length === 0) return Number(status);
  const headers: Record<string, string> = {};
  let delayMs = 0;
  for (const setting of settings) {
    const [, name, value = ''] = /^([\w-]+)=([\x20-\x7e]+)$/.exec(setting) ?? [];
    if (name === undefined) return null;
    if (name !== 'delay') headers[name] = value;
    else if (/^\d{1,9}$/.test(value)) delayMs = Number(value);
    else return null;
  }
  return { status: Number(status), headers, delayMs };
}

/** The whole answer that a bare status stands for. */
export function plainAnswer(answer: number | PlainAnswer): PlainAnswer {
  if (typeof answer !== 'number') return answer;
  return { status: answer, body: answer === 204 || answer === 304 ? '' : (STATUS_CODES[answer] ?? '') };
}
