/** What a proxy answered to `CONNECT`. */
export type ConnectAnswer =
  | 'more'
  | {
      readonly status: number;
      /** How it wants to be told who calls: the words of `Proxy-Authenticate`, as it writes them. */
      readonly schemes: readonly string[];
      /** Where in the bytes that begins which follows the answer. */
      readonly end: number;
    }
  | { readonly problem: ConnectProblem };

/** `page`: a body follows, so that it is no tunnel. */
export type ConnectProblem = 'not_http' | 'too_long' | 'page';

/** More than this of headers is no answer to `CONNECT`. */
export const longestConnectAnswer = 16 * 1024;

const statusLine = /^HTTP\/1\.[01] ([1-9]\d\d)(?=[ \r]|$)/;

/** @param bytes all that came so far */
export function readConnectAnswer(bytes: Buffer): ConnectAnswer {
  const text = bytes.toString('latin1', 0, longestConnectAnswer + 1);
  for (let at = 0; ; ) {
    const rest = text.slice(at);
    if (!'HTTP/1.'.startsWith(rest.slice(0, 7))) return { problem: 'not_http' };
    const end = /\r?\n\r?\n/.exec(rest);
    if (!end) return text.length > longestConnectAnswer ? { problem: 'too_long' } : 'more';
    const lines = rest.slice(0, end.index).split(/\r?\n/);
    const status = Number(statusLine.exec(lines[0] ?? '')?.[1]);
    if (Number.isNaN(status)) return { problem: 'not_http' };
    at += end.index + end[0].length;
    // What comes before the answer, as an unasked `100 Continue`.
    if (status < 200) continue;
    if (status <= 299 && hasBody(lines)) return { problem: 'page' };
    const schemes = lines.flatMap((line) => /^proxy-authenticate:\s*([^\s,]+)/i.exec(line)?.[1] ?? []);
    return { status, schemes, end: at };
  }
}

/**
 * Web servers answer 200 to whatever they are asked, and what is sent on is an order to nobody: reports would count as
 * delivered. A client should look past such headers (RFC 9110, 9.3.6), but not one that means it.
 */
function hasBody(lines: readonly string[]): boolean {
  const has = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
  return has(/^content-length:\s*0*[1-9]/i) || (has(/^transfer-encoding:/i) && has(/^content-type:/i));
}
