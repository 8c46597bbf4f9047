import type { IncomingHttpHeaders } from 'node:http';
import { formatAccepted } from './formats.ts';

/** Lists that can be had as files: beside each is one with the format's name as its ending. */
const lists = /^\/v1\/(?:deliveries|events)(?=\?|$)/;

/** The URL that answers a call: of a list that is accepted as CSV or NDJSON alone, that of the file. */
export function listAsAccepted({
  method,
  url = '/',
  headers,
}: {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}): string {
  if ((method !== 'GET' && method !== 'HEAD') || !lists.test(url)) return url;
  const format = formatAccepted(headers.accept);
  return format === null ? url : url.replace(lists, (path) => `${path}.${format}`);
}
