import { type AnswerHead, readHead } from './answer-head.ts';

/** What the reader knows after the bytes that it was given. */
export type ReadState =
  /** The answer is not whole yet. */
  | 'more'
  /** The last byte came. */
  | 'done'
  /** There is more of the body than is kept, or no telling where it ends: what was read is all there will be. */
  | 'enough'
  /** This is no answer; see {@link AnswerReader.problem}. */
  | 'invalid';

/** Why bytes are no answer of HTTP/1.1. */
export type AnswerProblem =
  | 'tls'
  | 'http2'
  | 'not_http'
  | 'version'
  | 'header'
  | 'chunk'
  | 'upgrade'
  | 'informational'
  | 'head_too_large';

/** Status line and headers of one answer, with those before it (1xx) and the trailers behind it, in bytes. */
export const mostHeadBytes = 64 * 1024;
/** No sensible server sends more than 100, 102 and a few 103 before its answer. */
const mostInformational = 32;
/** A line with a chunk's size, with extensions. */
const mostChunkLine = 4 * 1024;

type State = 'head' | 'length' | 'close' | 'chunk_size' | 'chunk_data' | 'chunk_end' | 'trailers' | 'done';

const nothing = Buffer.alloc(0);
const lineFeed = 10;
const carriageReturn = 13;

/**
 * Reads one answer of HTTP/1.1 from bytes in pieces of any size, as curl reads: the status counts, and what surrounds it
 * may be sloppy (RFC 9112 section 2.2 allows a recipient most of it).
 *
 * ```text
 * head ──▸ (1xx: head again) ──▸ length | close | chunk_size ⇄ chunk_data ⇄ chunk_end ──▸ trailers ──▸ done
 * ```
 * Taken: informational answers that nobody asked for, lines that end in LF alone, folded headers, a space before the
 * colon, control characters in values, no reason phrase, one `Content-Length` several times, blank lines before the status.
 * Where such a thing leaves doubt about where the answer ends, `keepsConnection` is false: a connection carries one
 * request at a time, so nothing can be smuggled into the next answer.
 *
 * It has no socket and no clock, and is done in time linear in the bytes, whatever their pieces.
 */
export class AnswerReader {
  /** `null` until the final (not 1xx) status line and its headers are there. */
  statusCode: number | null = null;
  /** The final head as it came, in Latin-1. */
  head = '';
  retryAfter: string | null = null;
  location: string | null = null;
  date: string | null = null;
  contentType: string | null = null;
  contentEncoding: string | null = null;
  /** After the answer the connection may carry another request. */
  keepsConnection = false;
  /** How long the server says that it keeps an idle connection; `null` where it does not say. */
  idleHintMs: number | null = null;
  /** There was more of the body than was kept. */
  truncated = false;
  problem: AnswerProblem | null = null;
  /** At least one byte came. */
  began = false;

  readonly #maxBodyBytes: number;
  #state: State = 'head';
  #headPieces = '';
  #headBytes = 0;
  #informational = 0;
  #tail = '';
  #left = 0;
  #line = '';
  #body: Buffer = nothing;
  #more: Buffer[] | null = null;
  #size = 0;
  /** The length cannot be read, so that it is not known how the body ends. */
  #endUnknown = false;

  constructor(maxBodyBytes: number) {
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** What came does not begin as an answer does. */
  get isNoHttp(): boolean {
    return this.#informational === 0 && (this.problem === 'not_http' || this.problem === 'version');
  }

  /** Only the end of the connection is the end of the answer. */
  get isOpenEnded(): boolean {
    return this.#state === 'close';
  }

  /** The body so far, without the marks of chunks; at most `maxBodyBytes`. */
  get body(): Buffer {
    return this.#more ? Buffer.concat(this.#more) : this.#body;
  }

  /**
   * Reads on. What is kept of `bytes` is copied, so the buffer may be used again.
   *
   * @param length how many bytes of the buffer count
   */
  push(bytes: Buffer, length: number): ReadState {
    this.began ||= length > 0;
    let at = 0;
    while (at < length) {
      switch (this.#state) {
        case 'head':
          at = this.#readHead(bytes, at, length);
          break;
        case 'length':
          at = this.#readLength(bytes, at, length);
          break;
        case 'close':
          this.#keep(bytes, at, length);
          at = length;
          break;
        case 'chunk_data':
          at = this.#readChunk(bytes, at, length);
          break;
        case 'chunk_size':
        case 'chunk_end':
        case 'trailers':
          at = this.#readLine(bytes, at, length);
          break;
        case 'done':
          // Bytes behind the answer belong to nothing that was asked.
          this.keepsConnection = false;
          return 'done';
      }
      if (this.problem) return 'invalid';
      if (this.truncated) return 'enough';
    }
    return this.#state === 'done' ? 'done' : this.#endUnknown ? 'enough' : 'more';
  }

  /**
   * The connection has ended. `more`: in the middle of the answer, or before it. A head that ends without its blank line is
   * taken, as curl and PHP take it.
   */
  end(): ReadState {
    if (this.#state === 'head' && this.#headPieces.includes('\n')) this.#take(`${this.#headPieces}\r\n\r\n`);
    this.keepsConnection = false;
    if (this.problem) return 'invalid';
    switch (this.#state) {
      case 'done':
      case 'close':
      case 'trailers':
        return 'done';
      default:
        return 'more';
    }
  }

  /**
   * The connection broke. `enough`: what came tells what the answer is all the same, since it refuses (its status says
   * so) or nothing but the end of the connection could have marked its own.
   */
  break(): ReadState {
    const { statusCode } = this;
    this.keepsConnection = false;
    if (statusCode === null || this.problem) return 'more';
    if (statusCode < 300 && this.#state !== 'close' && this.#state !== 'trailers') return 'more';
    this.truncated = true;
    return 'enough';
  }

  #readHead(bytes: Buffer, from: number, to: number): number {
    let start = from;
    if (this.#headPieces === '') {
      while (start < to && (bytes[start] === carriageReturn || bytes[start] === lineFeed)) start++;
      this.#headBytes += start - from;
      if (start === to) return this.#tooLong(to);
    }
    const piece = bytes.toString('latin1', start, to);
    // The end may lie across two pieces.
    const seen = this.#tail + piece;
    const end = endOfHead(seen);
    if (end < 0) {
      this.#tail = seen.slice(-2);
      this.#headPieces += piece;
      this.#headBytes += piece.length;
      // Later pieces do not change it, and a look at the beginning copies all pieces into one.
      if (this.#headPieces.length - piece.length < 9) this.problem = notBegun(this.#headPieces.slice(0, 9));
      return this.#tooLong(to);
    }
    const used = end - this.#tail.length;
    const head = this.#headPieces + piece.slice(0, used);
    this.#headBytes += used;
    this.#headPieces = '';
    this.#tail = '';
    if (this.#headBytes <= mostHeadBytes) this.#take(head);
    return this.#tooLong(start + used);
  }

  #tooLong(at: number): number {
    if (this.#headBytes > mostHeadBytes) this.problem ??= 'head_too_large';
    return at;
  }

  #take(text: string): void {
    const head = readHead(text);
    if (typeof head === 'string') {
      this.problem = notBegun(text.slice(0, 9)) ?? head;
      return;
    }
    const { status } = head;
    if (status === 101) this.problem = 'upgrade';
    else if (status < 200) {
      if (++this.#informational > mostInformational) this.problem = 'informational';
    } else {
      this.statusCode = status;
      this.head = text;
      this.retryAfter = head.retryAfter;
      this.location = head.location;
      this.date = head.date;
      this.contentType = head.contentType;
      this.contentEncoding = head.contentEncoding;
      this.idleHintMs = head.idleHintMs;
      this.#left = head.contentLength;
      this.#endUnknown = head.framing === 'unknown';
      this.#state = stateOf(head);
      this.keepsConnection = head.keepsConnection && endsByItself(head);
    }
  }

  #readLength(bytes: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#left);
    this.#keep(bytes, from, end);
    this.#left -= end - from;
    if (this.#left === 0) this.#state = 'done';
    return end;
  }

  #readChunk(bytes: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#left);
    this.#keep(bytes, from, end);
    this.#left -= end - from;
    if (this.#left === 0) this.#state = 'chunk_end';
    return end;
  }

  /** A chunk's size, the end of its data, a trailer: each is a line. */
  #readLine(bytes: Buffer, from: number, to: number): number {
    const lf = bytes.subarray(from, to).indexOf(lineFeed);
    const end = lf < 0 ? to : from + lf;
    this.#line += bytes.toString('latin1', from, end);
    if (lf < 0) {
      const isTrailer = this.#state === 'trailers';
      if (this.#line.length > (isTrailer ? mostHeadBytes : mostChunkLine)) this.problem = 'chunk';
      return to;
    }
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    this.#takeLine(line);
    return end + 1;
  }

  #takeLine(line: string): void {
    if (this.#state === 'chunk_end') {
      if (line === '') this.#state = 'chunk_size';
      else this.problem = 'chunk';
      return;
    }
    if (this.#state === 'trailers') {
      this.#headBytes += line.length + 1;
      if (line === '') this.#state = 'done';
      else if (this.#headBytes > mostHeadBytes) this.problem = 'chunk';
      return;
    }
    const [, size] = /^[ \t]*([0-9a-f]{1,13})[ \t]*(?:;|$)/i.exec(line) ?? [];
    if (size === undefined) {
      this.problem = 'chunk';
      return;
    }
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailers' : 'chunk_data';
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const room = this.#maxBodyBytes - this.#size;
    const end = Math.min(to, from + room);
    if (end < to) {
      this.truncated = true;
      this.keepsConnection = false;
    }
    if (end === from) return;
    const piece = copyOf(bytes, from, end);
    if (this.#size === 0) this.#body = piece;
    else if (this.#more) this.#more.push(piece);
    else this.#more = [this.#body, piece];
    this.#size += piece.length;
  }
}

/** A copy; a large one has memory of its own, since in Node's shared pool it would hold small neighbours' memory too. */
function copyOf(bytes: Buffer, from: number, to: number): Buffer {
  const copy = to - from > 512 ? Buffer.allocUnsafeSlow(to - from) : Buffer.allocUnsafe(to - from);
  bytes.copy(copy, 0, from, to);
  return copy;
}

function isWithoutBody({ status, framing, contentLength }: AnswerHead): boolean {
  return status === 204 || status === 304 || (framing === 'length' && contentLength === 0);
}

function stateOf(head: AnswerHead): State {
  if (isWithoutBody(head)) return 'done';
  if (head.framing === 'chunked') return 'chunk_size';
  return head.framing === 'length' ? 'length' : 'close';
}

/** Nothing leaves a doubt about which byte is the answer's last. */
function endsByItself(head: AnswerHead): boolean {
  const { status, framing, contentLength } = head;
  if (!isWithoutBody(head)) return framing === 'length' || framing === 'chunked';
  // A 304 tells the length that a 200 would have; a 204 that tells one, or a coding, is often followed by a body.
  return framing === 'unsaid' || (framing === 'length' && (status === 304 || contentLength === 0));
}

/** Behind the blank line; -1 when it has not come. */
function endOfHead(text: string): number {
  const strict = text.indexOf('\n\r\n');
  const loose = text.indexOf('\n\n');
  if (loose >= 0 && (strict < 0 || loose < strict)) return loose + 2;
  return strict < 0 ? -1 : strict + 3;
}

/** What the first bytes are where they are not the beginning of an answer; `null` where they may be. */
function notBegun(text: string): AnswerProblem | null {
  const start = text.slice(0, 5).toUpperCase();
  if ('HTTP/'.startsWith(start)) return null;
  // A record of TLS: an alert or a handshake, of version 3.x.
  if (text.charCodeAt(0) === 0x15 || text.charCodeAt(0) === 0x16) return 'tls';
  // A frame of HTTP/2 begins with its length in three bytes; the first one is SETTINGS (type 4).
  if (text.length >= 4 && text.startsWith('\0\0') && text.charCodeAt(3) === 4) return 'http2';
  return text.startsWith('\0') && text.length < 4 ? null : 'not_http';
}
