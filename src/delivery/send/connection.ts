import type { OnReadOpts } from 'node:net';
import type { Connect, ConnectTarget, LookupWatch } from './connect.ts';
import type { SendError } from './send-result.ts';
import type { Wire } from './wire.ts';

/** What a connection is busy with: one exchange at a time. */
export interface ConnectionUser extends LookupWatch {
  /** The other side has accepted the connection; TLS comes next. */
  onHandshake(): void;
  /** The connection is open; TLS, too. */
  onOpen(): void;
  /** Bytes came; the buffer is used again as soon as this returns. */
  onBytes(bytes: Buffer, length: number): void;
  /** The other side sends nothing more. */
  onEnd(): void;
  /** It could not be opened, or broke. */
  onError(error: Error): void;
  /** The gateway ends it. */
  fail(error: SendError): void;
}

/** Whose it is. */
export interface ConnectionOwner {
  /** It is open, so long after it was begun. */
  onOpened(tookMs: number): void;
  /** It ended while it carried nothing. */
  onIdleEnd(connection: Connection): void;
}

/** Every read of a thread goes here first: what an exchange keeps of it, it copies. */
const readBuffer = Buffer.allocUnsafe(64 * 1024);

/** One connection to a webhook's host, opened at once and kept between requests. */
export class Connection {
  /** Requests that went over it. */
  carried = 0;
  isOpen = false;
  /** Its host's name is being looked up, or waits for its turn; `null`: it is not, or no more. */
  lookup: 'waits' | 'asked' | null = null;
  /** Since when it carries nothing, on the monotonic clock; how long it may do so. */
  idleSince = 0;
  keepMs: number;
  user: ConnectionUser | null = null;
  readonly #wire: Wire;
  readonly #owner: ConnectionOwner;

  constructor(connect: Connect, target: ConnectTarget, keepMs: number, owner: ConnectionOwner) {
    this.keepMs = keepMs;
    this.#owner = owner;
    const openedAt = performance.now();
    const onread: OnReadOpts = {
      buffer: readBuffer,
      callback: (length, bytes) => {
        if (this.user) this.user.onBytes(bytes as Buffer, length);
        // What comes unasked (a 408 before the server closes) is an answer to nothing.
        else this.#ended();
        return true;
      },
    };
    // The look-up begins before there is a user.
    const wire = connect(target, onread, {
      onLookup: () => {
        this.lookup = 'waits';
        this.user?.onLookup();
      },
      onLookupTurn: () => {
        this.lookup = 'asked';
        this.user?.onLookupTurn();
      },
      onLookupEnd: () => {
        this.lookup = null;
        this.user?.onLookupEnd();
      },
    });
    if (target.secure) wire.on('connect', () => this.user?.onHandshake());
    wire.on(target.secure ? 'secureConnect' : 'connect', () => {
      this.isOpen = true;
      owner.onOpened(performance.now() - openedAt);
      this.user?.onOpen();
    });
    wire.on('end', () => {
      if (this.user) this.user.onEnd();
      else this.#ended();
    });
    wire.on('error', (error) => {
      if (this.user) this.user.onError(error);
      else this.#ended();
    });
    wire.on('close', () => {
      if (this.user) this.user.onError(closedError());
      else this.#ended();
    });
    this.#wire = wire;
  }

  write(text: string, encoding: 'latin1' | 'utf8'): void {
    this.#wire.write(text, encoding);
  }

  /** Time is over: why, where it is the gateway that cannot get out. */
  overdue(): Error | null {
    return this.#wire.overdue?.() ?? null;
  }

  /** The kernel has taken all that was written. Over TLS that is known a turn of the event loop later, behind many an answer. */
  get isAllSent(): boolean {
    return this.#wire.writableLength === 0;
  }

  /** Closes it at once, also in the middle of connecting. */
  destroy(): void {
    this.#wire.destroy();
  }

  #ended(): void {
    this.#wire.destroy();
    this.#owner.onIdleEnd(this);
  }
}

function closedError(): Error {
  return Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' });
}
