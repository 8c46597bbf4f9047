import { EventEmitter } from 'node:events';
import type { OnReadOpts, Socket } from 'node:net';
import type { Opening, TunnelEnd, Tunnels } from '../egress/tunnels.ts';
import { BlockedAddressError } from '../guard/blocked-address-error.ts';
import type { Address } from '../names/names.ts';
import type { Wire } from './wire.ts';

/** What a wire through a proxy needs. */
export interface ProxiedWireOptions {
  readonly tunnels: Tunnels;
  readonly port: number;
  readonly onread: OnReadOpts;
  /** Finds the addresses that may be called, once. */
  resolve(found: (error: Error | null, addresses: readonly Address[]) => void): void;
  /** Those that are called directly, if any. */
  direct(addresses: readonly Address[]): Socket | null;
  /** Speaks TLS on a tunnel; `null`: none is spoken. */
  readonly secure: ((tunnel: Socket) => Socket) | null;
  /** The proxy may not connect with the host. */
  onBarred(status: number | null): void;
}

/**
 * A wire through the operator's proxy. It is there at once; which way it takes is known when the host's addresses are.
 *
 * ```text
 * resolve ──▸ an address is excepted ──▸ direct
 *    └──────▸ tunnel to the first ──▸ (unreachable) tunnel to the next … ──▸ open ──▸ TLS
 * ```
 */
export class ProxiedWire extends EventEmitter implements Wire {
  readonly #options: ProxiedWireOptions;
  #opening: Opening | null = null;
  #socket: Socket | null = null;
  #isDestroyed = false;

  constructor(options: ProxiedWireOptions) {
    super();
    this.#options = options;
    options.resolve((error, addresses) => {
      if (this.#isDestroyed) return;
      if (error) this.#fail(error);
      else this.#begin(addresses);
    });
  }

  write(text: string, encoding: 'latin1' | 'utf8'): void {
    this.#socket?.write(text, encoding);
  }

  get writableLength(): number {
    return this.#socket?.writableLength ?? 0;
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#opening?.destroy();
    this.#socket?.destroy();
  }

  overdue() {
    return this.#opening?.overdue() ?? null;
  }

  #begin(addresses: readonly Address[]): void {
    const direct = this.#options.direct(addresses);
    if (!direct) {
      this.#tunnel(addresses);
      return;
    }
    this.#socket = direct;
    direct.on('connect', () => this.emit('connect'));
    direct.on('secureConnect', () => this.emit('secureConnect'));
    this.#follow(direct);
  }

  #tunnel([first, ...others]: readonly Address[]): void {
    if (!first) {
      this.#fail(codeError('ENOTFOUND'));
      return;
    }
    this.#opening = this.#options.tunnels.open(first.address, this.#options.port, (end) => {
      this.#opening = null;
      if ('socket' in end) this.#opened(end.socket);
      else if ('error' in end) this.#fail(end.error);
      else if (others.length > 0) this.#tunnel(others);
      else this.#refused(end);
    });
  }

  #refused({ refusal, status }: Extract<TunnelEnd, { refusal: unknown }>): void {
    switch (refusal) {
      case 'barred':
        this.#options.onBarred(status);
        this.#fail(new BlockedAddressError(`The egress proxy answered ${status}`));
        return;
      case 'unreachable':
        this.#fail(codeError('EHOSTUNREACH'));
        return;
      case 'late':
        this.#fail(codeError('ETIMEDOUT'));
        return;
      case 'closed':
        this.#fail(codeError('ECONNRESET'));
    }
  }

  #opened(tunnel: Socket): void {
    const { secure, onread, tunnels } = this.#options;
    const socket = secure ? secure(tunnel) : tunnel;
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      tunnels.worked();
      onread.callback(bytes.length, bytes);
    });
    socket.on('secureConnect', () => this.emit('secureConnect'));
    this.#follow(socket);
    this.emit('connect');
  }

  #follow(socket: Socket): void {
    socket.on('end', () => this.emit('end'));
    socket.on('error', (error) => this.emit('error', error));
    socket.on('close', () => this.emit('close'));
  }

  #fail(error: Error): void {
    this.destroy();
    this.emit('error', error);
    this.emit('close');
  }
}

function codeError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
