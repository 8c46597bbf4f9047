import { gunzip, gunzipSync } from 'node:zlib';
import { HookwireError } from '../../core/errors.ts';
import { Fifo } from '../../core/fifo.ts';

/**
 * Unpacks bodies that came as gzip. Small ones at once; others in libuv's pool, few at a time, and who sends them take
 * turns: 4 MiB of blocks with a table each take 300 ms, whatever they hold.
 */
export interface Unpacking {
  /**
   * @param who sends it
   * @param most bytes that it may have unpacked; of a body that has more no more is unpacked
   * @param done gets the body, or a HookwireError `too_large`, `invalid_request` or, where too much waits, `overloaded`
   */
  unpack(who: string, packed: Buffer, most: number, done: Done): void;
}

export type Done = (error: Error | null, body?: Buffer) => void;

/** So many bytes take the main thread less than a ms, whatever they hold. */
const smallPacked = 8 * 1024;
const smallUnpacked = 128 * 1024;
const atOnce = 2;
/** What is unpacked in one go of the pool's; between two the main thread has some 30 µs of work. */
const chunkBytes = 256 * 1024;
/** Bodies that wait are in memory: so much of one sender, and of all. */
export const mostPackedOfSender = 32 * 1024 * 1024;
export const mostPackedInAll = 128 * 1024 * 1024;

interface Waiting {
  readonly packed: Buffer;
  readonly most: number;
  readonly done: Done;
}

interface Line {
  readonly waiting: Fifo<Waiting>;
  bytes: number;
}

export function createUnpacking(): Unpacking {
  /** In the order of their next turns. */
  const lines = new Map<string, Line>();
  let bytesInAll = 0;
  let underWay = 0;

  function begin({ packed, most, done }: Waiting): void {
    underWay++;
    gunzip(packed, { maxOutputLength: most, chunkSize: Math.min(chunkBytes, most + 1) }, (error, body) => {
      underWay--;
      goOn();
      if (error) done(refusalOf(error, most));
      else done(null, body);
    });
  }

  function goOn(): void {
    while (underWay < atOnce) {
      const [who, line] = lines.entries().next().value ?? [];
      const next = line?.waiting.shift();
      if (who === undefined || !line || !next) return;
      line.bytes -= next.packed.length;
      bytesInAll -= next.packed.length;
      lines.delete(who);
      if (line.waiting.length > 0) lines.set(who, line);
      begin(next);
    }
  }

  return {
    unpack(who, packed, most, done) {
      const small = unpackSmall(packed, most);
      if (small) return small instanceof Error ? done(small) : done(null, small);
      const line = lines.get(who) ?? { waiting: new Fifo<Waiting>(), bytes: 0 };
      const bytes = packed.length;
      if (line.bytes + bytes > mostPackedOfSender || bytesInAll + bytes > mostPackedInAll) {
        const words =
          'More packed bodies wait to be read than may. Nothing of this was accepted; send it again.';
        return done(new HookwireError('overloaded', words, { retryAfterSeconds: 1 }));
      }
      line.waiting.push({ packed, most, done });
      line.bytes += bytes;
      bytesInAll += bytes;
      lines.set(who, line);
      goOn();
    },
  };
}

/** `null`: it is not small, or has more than it says. */
function unpackSmall(packed: Buffer, most: number): Buffer | HookwireError | null {
  const size = Math.max(1, sizeSaid(packed));
  if (packed.length > smallPacked || size > smallUnpacked || size > most) return null;
  try {
    return gunzipSync(packed, { maxOutputLength: size, chunkSize: Math.max(64, size + 1) });
  } catch (error) {
    return isTooLong(error) ? null : refusalOf(error, most);
  }
}

/** How many bytes a body says that it has unpacked, which need not be true. */
function sizeSaid(packed: Buffer): number {
  return packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
}

function isTooLong(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}

function refusalOf(cause: unknown, most: number): HookwireError {
  if (isTooLong(cause)) {
    return new HookwireError('too_large', `The body has more than ${most} bytes when it is unpacked.`, {
      cause,
    });
  }
  const { message } = cause as Error;
  return new HookwireError(
    'invalid_request',
    `The body is not whole gzip, as Content-Encoding says: ${message}.`,
    {
      cause,
    },
  );
}
