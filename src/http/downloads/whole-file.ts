import { HookwireError } from '../../core/errors.ts';

/** A file of so many bytes, some 14,000 rows, is read whole where it cannot be sent while it is read. */
export const mostBytesWhole = 4 * 2 ** 20;

/**
 * Reads a file to its end, for HTTP/1.0: what has no length ends there with the connection, whyever that ends, so that the part
 * that was sent until then would pass for the whole. nginx speaks it to what is behind it, unless told otherwise.
 *
 * @throws HookwireError `invalid_request` when there is more than `most` bytes
 */
export async function readWhole(chunks: AsyncIterable<Buffer>, most = mostBytesWhole): Promise<Buffer> {
  const read: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > most) throw new HookwireError('invalid_request', tooLong);
    read.push(chunk);
  }
  return Buffer.concat(read);
}

const tooLong =
  `A file of more than ${mostBytesWhole / 2 ** 20} MiB is sent by HTTP/1.1 alone: by HTTP/1.0 one that breaks off would pass for the whole. ` +
  'Ask for fewer rows, by "from", "to" or "limit". A proxy before the gateway may speak HTTP/1.0 to it; nginx speaks HTTP/1.1 with "proxy_http_version 1.1;".';
