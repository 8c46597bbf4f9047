import { constants, crc32, createDeflateRaw } from 'node:zlib';

/** A piece of deflate that begins and ends at a byte: a table of its own, and hardly anything that is written with it. */
async function pieceWithTable(text: string): Promise<Buffer> {
  const deflate = createDeflateRaw({ level: 9, strategy: constants.Z_HUFFMAN_ONLY });
  const chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve) =>
    deflate.write(text, () => deflate.flush(constants.Z_SYNC_FLUSH, resolve)),
  );
  return Buffer.concat(chunks);
}

const text = `{"a":"${'eeeeeeeeeeeettttttaaaaoooinn'.repeat(3)}"}`;
const piece = await pieceWithTable(text);

/**
 * Gzip that is dear to unpack for what it holds: some 100 bytes of text to a table, in as many bytes as that has packed.
 * @param bytes that it has unpacked, at most
 */
export function costlyGzip(bytes: number): Buffer {
  const count = Math.floor(bytes / text.length);
  const unpacked = Buffer.from(text.repeat(count));
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(unpacked), 0);
  trailer.writeUInt32LE(unpacked.length, 4);
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  // The last block of all: stored, and empty.
  const end = Buffer.from([1, 0, 0, 0xff, 0xff]);
  return Buffer.concat([header, ...Array.from({ length: count }, () => piece), end, trailer]);
}
