import type { Clock } from '../../core/clock.ts';
import type { Shortage } from '../../core/shortage.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import type { Asker } from '../names/shares.ts';
import { type Connect, type ConnectTarget, serverName } from './connect.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import { type ConnectionSource, Exchange } from './exchange.ts';
import type { IdleConnections } from './idle-connections.ts';
import type { SendResult } from './send-result.ts';

export interface ChannelOptions {
  readonly clock: Clock;
  readonly connect: Connect;
  readonly maxResponseBytes: number;
  readonly idleMs: number;
  /** Whose it is. */
  readonly account: Asker;
  /** How many requests may be under way at once, each on a connection of its own. */
  readonly connections: number;
  /** The idle connections of all channels. */
  readonly idle: IdleConnections;
  readonly onShortage: (of: Shortage) => void;
  readonly onClose: (channel: Channel) => void;
}

interface Waiting {
  readonly exchange: Exchange;
  /** On the monotonic clock. */
  readonly since: number;
}

/** How long opening a connection with TLS is thought to take until one was. */
const firstOpeningMs = 10;
/** A request waits no longer for a connection that becomes free before one more is opened. */
const mostOpeningMs = 50;

/**
 * The connections of one webhook. The connection that was used last is used first, so that the surplus of a busy hour
 * falls idle and closes.
 *
 * With TLS, a request that finds all connections busy waits for one as long as opening one more takes, and then has it
 * opened: so it waits at most twice as long as it must, and a burst of quick answers opens few.
 */
export class Channel implements ConnectionSource, ConnectionOwner {
  readonly clock: Clock;
  readonly host: string;
  readonly origin: string;
  readonly #target: ConnectTarget;
  readonly maxResponseBytes: number;
  readonly idleMs: number;
  readonly #options: ChannelOptions;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiting[] = [];
  #openingMs = firstOpeningMs;
  /** The server keeps connections open behind its answers, as far as is known. */
  #isKept = true;
  #opening: NodeJS.Timeout | null = null;
  #limit: number;
  #closed = false;
  /** Each connection carries one request only. */
  #isDoubted = false;
  readonly #drained = Promise.withResolvers<void>();

  /** @throws TypeError when `origin` is not a URL */
  constructor(origin: string, options: ChannelOptions) {
    const { protocol, hostname, port } = new URL(origin);
    const secure = protocol === 'https:';
    this.host = port === '' ? serverName(hostname) : `${serverName(hostname)}:${port}`;
    this.origin = origin;
    this.#target = {
      hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
      port: port === '' ? (secure ? 443 : 80) : Number(port),
      secure,
      account: options.account,
    };
    this.clock = options.clock;
    this.maxResponseBytes = options.maxResponseBytes;
    this.idleMs = options.idleMs;
    this.#options = options;
    this.#limit = options.connections;
  }

  /**
   * Sends one request and waits for the whole answer. Never rejects: every failure is a value. A request that finds all
   * connections busy waits for one.
   *
   * @param timeoutMs one deadline over waiting, connecting, TLS, headers and the whole body
   */
  send(request: RenderedRequest, timeoutMs: number): Promise<SendResult> {
    return new Promise((resolve) => {
      const exchange = new Exchange(this, request, timeoutMs, resolve);
      if (this.#closed) exchange.fail({ class: 'reset', detail: 'The gateway has closed its connections.' });
      else {
        const connection = this.#idleOne();
        if (connection) exchange.start(connection);
        else {
          this.#waiting.push({ exchange, since: performance.now() });
          this.#startWaiting();
        }
      }
    });
  }

  /** Changes how many requests may be under way; the surplus ends with its current request. */
  resize(connections: number): void {
    this.#limit = connections;
    while (this.#all.size > this.#limit) {
      const surplus = this.#idle.shift();
      if (!surplus) break;
      this.#drop(surplus);
    }
    this.#startWaiting();
  }

  /** Takes no new requests; resolves when those that it took have ended and every connection is closed. */
  close(): Promise<void> {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) this.#drop(connection);
    this.#endIfDrained();
    return this.#drained.promise;
  }

  /** Ends everything now: requests under way end with class `reset`. */
  async destroy(): Promise<void> {
    this.#closed = true;
    const error = {
      class: 'reset',
      detail: 'The gateway closed the connection because it is stopping.',
    } as const;
    for (const { exchange } of this.#waiting.splice(0)) exchange.fail(error);
    for (const { user } of [...this.#all]) user?.fail(error);
    await this.close();
  }

  doubt(): void {
    this.#isDoubted = true;
  }

  onOpened(tookMs: number): void {
    this.#openingMs = Math.min(tookMs, mostOpeningMs);
  }

  onIdleEnd(connection: Connection): void {
    this.#end(connection);
  }

  releaseWhenSent(connection: Connection): void {
    if (connection.isAllSent) {
      this.#release(connection);
      return;
    }
    setImmediate(() => {
      if (!this.#all.has(connection)) return;
      // A server that answers before it has the whole request may not want the rest of it.
      if (connection.isAllSent) this.#release(connection);
      else this.discard(connection);
    });
  }

  #release(connection: Connection): void {
    if (this.#all.size > this.#limit || this.#isDoubted) {
      this.discard(connection);
      return;
    }
    this.#isKept = true;
    const next = this.#waiting.shift();
    if (next) {
      next.exchange.start(connection);
      return;
    }
    if (this.#closed) {
      this.discard(connection);
      return;
    }
    this.#idle.push(connection);
    this.#options.idle.add(connection, () => this.#end(connection));
  }

  discard(connection: Connection): void {
    this.#isKept = false;
    this.#end(connection);
  }

  replace(connection: Connection): Connection {
    this.#drop(connection);
    return this.#open();
  }

  forget(exchange: Exchange): void {
    const place = this.#waiting.findIndex((waiting) => waiting.exchange === exchange);
    if (place >= 0) this.#waiting.splice(place, 1);
    this.#endIfDrained();
  }

  short(of: Shortage): void {
    this.#options.onShortage(of);
  }

  #idleOne(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (!connection) return;
      this.#options.idle.remove(connection);
      // It is swept only every second, and its server may be about to close it.
      if (!this.#isDoubted && performance.now() - connection.idleSince < connection.keepMs) return connection;
      this.#drop(connection);
    }
  }

  #open(): Connection {
    const { connect, idleMs, idle } = this.#options;
    idle.opened();
    const connection = new Connection(connect, this.#target, idleMs, this);
    this.#all.add(connection);
    return connection;
  }

  #end(connection: Connection): void {
    this.#drop(connection);
    this.#startWaiting();
    this.#endIfDrained();
  }

  #drop(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const place = this.#idle.indexOf(connection);
    if (place >= 0) this.#idle.splice(place, 1);
    this.#options.idle.remove(connection);
    this.#options.idle.closed();
    connection.destroy();
  }

  #startWaiting(): void {
    while (this.#all.size < this.#limit) {
      const [next] = this.#waiting;
      if (!next) return;
      const waitMs = this.#mayBecomeFree ? next.since + this.#openingMs - performance.now() : 0;
      if (waitMs > 0) {
        this.#opening ??= setTimeout(() => {
          this.#opening = null;
          this.#startWaiting();
        }, waitMs).unref();
        return;
      }
      this.#waiting.shift();
      next.exchange.start(this.#open());
    }
  }

  /** Opening one more is dear, and there is one that may serve a further request soon. */
  get #mayBecomeFree(): boolean {
    return this.#target.secure && this.#isKept && this.#all.size > 0;
  }

  #endIfDrained(): void {
    if (!this.#closed || this.#all.size > 0 || this.#waiting.length > 0) return;
    this.#drained.resolve();
    this.#options.onClose(this);
  }
}
