import type { EndpointAnswer } from '../../receiver/answer.ts';
import type { ReceivedRequest } from '../../receiver/receiver.ts';
import { checkSignature } from './check-signature.ts';

/** Headers that say nothing about the report. */
const transportHeaders = new Set([
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'accept',
  'accept-encoding',
]);
const form = 'application/x-www-form-urlencoded';

/** What arrived must not be able to steer the terminal that it is shown on. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function indented(text: string): string {
  return printable(text)
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('');
}

function pairs(encoded: string): string {
  return [...new URLSearchParams(encoded)].map(([name, value]) => indented(`${name} = ${value}`)).join('');
}

function headersOf({ rawHeaders }: ReceivedRequest): string {
  let text = '';
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (!transportHeaders.has(name)) text += indented(`${name}: ${rawHeaders[at + 1] ?? ''}`);
  }
  return text;
}

function contentOf({ method, path, headers, body }: ReceivedRequest): string {
  const query = path.indexOf('?');
  const decodedQuery = query === -1 ? '' : pairs(path.slice(query + 1));
  if (method === 'GET' || body.length === 0) return decodedQuery;
  const text = body.toString('utf8');
  return decodedQuery + (headers['content-type']?.startsWith(form) ? pairs(text) : indented(text));
}

/** `200`, `timeout`, `429 after 50 ms` */
export function describeAnswer(answer: EndpointAnswer): string {
  if (typeof answer !== 'object') return String(answer);
  return answer.delayMs ? `${answer.status} after ${answer.delayMs} ms` : String(answer.status);
}

/** `10:15:30.123 POST /dlr → 200` */
export function describeBriefly({ arrivedAt, method, path, answer }: ReceivedRequest): string {
  const time = new Date(arrivedAt).toISOString().slice('2026-11-22T'.length, -1);
  return `${time} ${method} ${printable(path)} → ${describeAnswer(answer)}\n`;
}

/**
 * A request as a person reads it: the line, the headers, and the content with query and form decoded. JSON and XML are
 * shown as they came, since parsing them again would lose digits of long numbers.
 *
 * @param secret checks the signature when given
 */
export function describeRequest(request: ReceivedRequest, secret: string | null): string {
  const verdict = secret === null ? '' : indented(`signature ${checkSignature(request, secret)}`);
  const content = contentOf(request);
  return `${describeBriefly(request)}${headersOf(request)}${verdict}${content ? `\n${content}` : ''}\n`;
}
