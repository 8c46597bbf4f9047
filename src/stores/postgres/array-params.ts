/**
 * Parameters that are arrays, in PostgreSQL's binary form. As text each element is quoted, and what is in it escaped, and read
 * again character by character: an event's body is JSON and full of both.
 *
 * ```text
 * dimensions │ has nulls │ type │ length │ first index │ (bytes of the element, or -1 │ element) …
 * ```
 */
const [bigintOid, integerOid, smallintOid, textOid, byteaOid] = [20, 23, 21, 25, 17];
const headerBytes = 20;
const isNull = -1;

/** For `$1::bigint[]`; whole numbers below 2^53. */
export function bigints(values: readonly (number | null)[]): Buffer {
  return numbers(bigintOid, 8, values, (to, value, at) => {
    const high = Math.floor(value / 2 ** 32);
    to.writeInt32BE(high, at);
    to.writeUInt32BE(value - high * 2 ** 32, at + 4);
  });
}

/** For `$1::integer[]`. */
export function integers(values: readonly (number | null)[]): Buffer {
  return numbers(integerOid, 4, values, (to, value, at) => to.writeInt32BE(value, at));
}

/** For `$1::smallint[]`. */
export function smallints(values: readonly (number | null)[]): Buffer {
  return numbers(smallintOid, 2, values, (to, value, at) => to.writeInt16BE(value, at));
}

/** For `$1::text[]`, which has no U+0000: it is written as U+FFFD, or the one text would keep all others from being stored. */
export function texts(values: readonly (string | null)[]): Buffer {
  return strings(
    textOid,
    values.map((value) => (value?.includes('\0') ? value.replaceAll('\0', '\ufffd') : value)),
  );
}

/** For `$1::bytea[]`: texts as UTF-8, with whatever is in them. */
export function utf8s(values: readonly (string | null)[]): Buffer {
  return strings(byteaOid, values);
}

function numbers(
  oid: number,
  size: number,
  values: readonly (number | null)[],
  write: (to: Buffer, value: number, at: number) => void,
): Buffer {
  const to = Buffer.allocUnsafe(headerBytes + values.length * (4 + size));
  let at = writeHeader(to, oid, values);
  for (const value of values) {
    at = to.writeInt32BE(value === null ? isNull : size, at);
    if (value === null) continue;
    write(to, value, at);
    at += size;
  }
  return to.subarray(0, at);
}

function strings(oid: number, values: readonly (string | null)[]): Buffer {
  let bytes = headerBytes;
  for (const value of values) bytes += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const to = Buffer.allocUnsafe(bytes);
  let at = writeHeader(to, oid, values);
  for (const value of values) {
    if (value === null) {
      at = to.writeInt32BE(isNull, at);
      continue;
    }
    const written = to.write(value, at + 4);
    to.writeInt32BE(written, at);
    at += 4 + written;
  }
  return to;
}

function writeHeader(to: Buffer, oid: number, values: readonly unknown[]): number {
  to.writeInt32BE(1, 0);
  to.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  to.writeInt32BE(oid, 8);
  to.writeInt32BE(values.length, 12);
  return to.writeInt32BE(1, 16);
}
