/** A request as it goes on the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly string[])[];
  readonly body: string | null;
}

/** curl makes these itself. */
const ownHeaders = new Set(['host', 'content-length', 'connection']);

/** The command for a POSIX shell that sends the same request. Every part is quoted, whatever it holds. */
export function curlOf({ method, url, headers, body }: WireRequest): string {
  const parts = [
    `curl${/[[\]{}]/.test(url) ? ' --globoff' : ''}${method === 'GET' ? '' : ` -X ${method}`} ${quote(url)}`,
  ];
  for (const [name = '', value = ''] of headers) {
    // "name;" is how curl is told of a header without a value.
    if (!ownHeaders.has(name.toLowerCase()))
      parts.push(`-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  if (body !== null && body !== '') parts.push(`--data-raw ${quote(body)}`);
  return parts.join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
