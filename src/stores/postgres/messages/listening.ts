import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { asLibpqReads } from '../connection-url.ts';
import { DatabaseUnusableError, unusable } from '../lay-out.ts';
import { channelBeginning } from './channels.ts';

export interface ListeningOptions {
  /** Of the server itself: behind a pooler that gives each transaction another connection nothing is heard. */
  readonly url: string;
  /** By which others speak: at the start it is tried whether what is said there is heard here. */
  readonly pool: pg.Pool;
  readonly warn: (message: string) => void;
}

/**
 * One connection that hears NOTIFY, and connects again by itself.
 *
 * ```text
 * start ──▸ connects, LISTEN, asks each 1.5 s for a sign of life
 *             ▲                    │ cut, or no sign within 3 s
 *             └── 0.1 … 5 s later ─┘
 * ```
 *
 * It is never in a transaction: the server keeps all that is said until every listener has read it or lets go of an older snapshot.
 */
export interface Listening {
  /** Hears what is said on a channel, by what its name ends with. To be called before {@link Listening.start}. */
  hear(suffix: string, listener: (payload: string) => void): void;
  /** Called each time that it listens: what was said before was not heard. At once where it listens already. */
  onBegun(listener: () => void): void;
  /**
   * Resolves when it listens; from then on it does until it is closed. Calls after the first wait for that.
   *
   * @throws {DatabaseUnusableError} where it cannot connect, or does not hear what is said over the pool
   */
  start(): Promise<void>;
  close(): Promise<void>;
}

const connectsWithinMs = 5_000;
const signOfLifeEachMs = 1_500;
/** A network that swallows packets says nothing itself, and TCP notices after minutes. */
const answersWithinMs = 3_000;
const longestPauseMs = 5_000;
const triesAtMost = 20;
const betweenTriesMs = 250;

const key = 'HOOKWIRE_DATABASE_DIRECT_URL';

function notHeard(url: string): string {
  return (
    `What is said over HOOKWIRE_DATABASE_URL (NOTIFY) is not heard at ${new URL(url).host}: set ${key} to the address of the same ` +
    'database past any pooler such as PgBouncer.'
  );
}

export function createListening({ url, pool, warn }: ListeningOptions): Listening {
  const hearing = new Map<string, (payload: string) => void>();
  const begun: (() => void)[] = [];
  let started: Promise<void> | null = null;
  let connection: Connection | null = null;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let closed = false;

  async function begin(): Promise<void> {
    let own: Connection | null = null;
    const lost = (error: Error): void => {
      if (own === null || own !== connection) return;
      connection = null;
      clearTimeout(timer);
      warn(`The connection that listens for other processes was lost: ${error.message}`);
      beginAgain();
    };
    own = await connect(url, [...hearing.keys()], (suffix, payload) => hearing.get(suffix)?.(payload), lost);
    if (closed) {
      own.end();
      return;
    }
    connection = own;
    failures = 0;
    waitForSign(own, lost);
    for (const listener of begun) listener();
  }

  function waitForSign(own: Connection, lost: (error: Error) => void): void {
    timer = setTimeout(() => {
      own.ask('select').then(
        () => own === connection && waitForSign(own, lost),
        (error: Error) => {
          own.end();
          lost(error);
        },
      );
    }, signOfLifeEachMs);
  }

  function beginAgain(): void {
    if (closed) return;
    const after = Math.min(100 * 2 ** failures, longestPauseMs) * (0.5 + Math.random() / 2);
    failures++;
    timer = setTimeout(() => void begin().catch(beginAgain), after);
  }

  /** Says something over the pool until it is heard, since the first time may be when it was just cut. */
  async function hearSelf(): Promise<void> {
    const suffix = `_try_${randomBytes(8).toString('hex')}`;
    const heard = Promise.withResolvers<boolean>();
    hearing.set(suffix, () => heard.resolve(true));
    try {
      await begin().catch((error: unknown) => {
        throw unusable(error, url, key);
      });
      for (let tries = 0; tries < triesAtMost; tries++) {
        await pool.query(`select pg_notify(${channelBeginning} || $1, '')`, [suffix]);
        if (await Promise.race([heard.promise, pause(betweenTriesMs, false)])) return;
      }
      throw new DatabaseUnusableError(notHeard(url), null);
    } finally {
      hearing.delete(suffix);
    }
  }

  async function close(): Promise<void> {
    closed = true;
    clearTimeout(timer);
    connection?.end();
    connection = null;
  }

  return {
    hear: (suffix, listener) => void hearing.set(suffix, listener),
    onBegun(listener) {
      begun.push(listener);
      if (connection) listener();
    },
    start() {
      started ??= hearSelf().catch(async (error: unknown) => {
        await close();
        throw error;
      });
      return started;
    },
    close,
  };
}

interface Connection {
  ask(statement: string): Promise<pg.QueryResult>;
  /** At once: what it may have to say is of no use any more. */
  end(): void;
}

async function connect(
  url: string,
  suffixes: readonly string[],
  onHeard: (suffix: string, payload: string) => void,
  onLost: (error: Error) => void,
): Promise<Connection> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: asLibpqReads(url),
    application_name: 'hookwire listening',
    connectionTimeoutMillis: connectsWithinMs,
    query_timeout: answersWithinMs,
    keepAlive: true,
    stream: () => socket,
  });
  client.on('error', onLost);
  try {
    await client.connect();
    const { rows } = await client.query<{ beginning: string }>(`select ${channelBeginning} as beginning`);
    const beginning = rows[0]?.beginning ?? '';
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel.startsWith(beginning)) onHeard(channel.slice(beginning.length), payload);
    });
    await client.query(
      suffixes.map((suffix) => `listen ${client.escapeIdentifier(beginning + suffix)}`).join('; '),
    );
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return { ask: (statement) => client.query(statement), end: () => void socket.destroy() };
}
