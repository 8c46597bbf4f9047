import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { SendResult } from './send-result.ts';

type Answered = Pick<SendResult, 'body' | 'truncated' | 'contentType' | 'contentEncoding'>;

/** What a compressed body may become: at most 64 KiB of it are kept, and a bomb grows a thousandfold. */
const mostUnpackedBytes = 1024 * 1024;

/**
 * An answer's body as people read it: unpacked where a server compresses although it was asked not to, decoded by its
 * charset, never cut inside a character. What cannot be decoded is shown as UTF-8 with U+FFFD in its place.
 *
 * @param maxBytes at most so many bytes of the (unpacked) body
 */
export function answerText(answer: Answered, maxBytes = Number.POSITIVE_INFINITY): string {
  if (answer.body.length === 0) return '';
  const bytes = answer.contentEncoding === null ? answer.body : unpacked(answer.body, answer.contentEncoding);
  const isCut = answer.truncated || bytes.length > maxBytes;
  const kept = bytes.length > maxBytes ? bytes.subarray(0, maxBytes) : bytes;
  const charset = charsetOf(answer.contentType, bytes);
  // The decoder of the hot path: Buffer's costs a twentieth of a new TextDecoder.
  if (charset === 'utf-8') return kept.toString('utf8', 0, isCut ? wholeCharacters(kept) : kept.length);
  // A decoder that expects more holds back a character that is not whole.
  return decoder(charset).decode(kept, { stream: isCut });
}

/** How many bytes make whole characters of UTF-8: without the beginning of one at the end. */
function wholeCharacters(bytes: Buffer): number {
  const end = bytes.length;
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? end - back : end;
    }
  }
  return end;
}

function decoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** By a byte order mark, by `charset` of the type, or by what a page or a document of XML says of itself; else UTF-8. */
function charsetOf(contentType: string | null, bytes: Buffer): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  const told = contentType === null ? null : /charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(contentType);
  if (told?.[1] !== undefined) return told[1].toLowerCase();
  if (!bytes.toString('latin1', 0, 16).includes('<')) return 'utf-8';
  const inside = /(?:encoding|charset)\s*=\s*["']?([\w.:-]{1,40})/i.exec(bytes.toString('latin1', 0, 1024));
  return inside?.[1]?.toLowerCase() ?? 'utf-8';
}

function unpacked(body: Buffer, encoding: string): Buffer {
  const limit = { maxOutputLength: mostUnpackedBytes };
  // The end may be missing, so what is there is given without asking for more.
  const asFarAsItGoes = { ...limit, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    switch (encoding.trim().toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, asFarAsItGoes);
      case 'deflate':
        return isZlib(body) ? inflateSync(body, asFarAsItGoes) : inflateRawSync(body, asFarAsItGoes);
      case 'br':
        return brotliDecompressSync(body, { ...limit, finishFlush: constants.BROTLI_OPERATION_FLUSH });
      default:
        return body;
    }
  } catch {
    return body;
  }
}

/** `deflate` means a stream of zlib; some servers send what is inside of one. The first two bytes tell (RFC 1950). */
function isZlib(body: Buffer): boolean {
  return body.length >= 2 && (body[0] ?? 0) % 16 === 8 && body.readUInt16BE(0) % 31 === 0;
}
