import pg from 'pg';
import { asLibpqReads } from './connection-url.ts';
import { keepStatements } from './kept-statements.ts';

export interface PoolOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`, as libpq reads it. */
  readonly url: string;
  /** Connections at most. */
  readonly most: number;
  /** Told of a connection that broke while nobody used it; the next query opens another. */
  readonly onLost?: (error: Error) => void;
  /** A query that has no answer after so long (ms) has lost its connection; longer for what reads whole tables. Default: 30 s. */
  readonly answersWithinMs?: number;
  /** A pooler is between, which may give each transaction another connection (PgBouncer in transaction mode). */
  readonly isPooled?: boolean;
  /** Everything that is asked is to be found by an index, however small a table is now. Not behind a pooler. */
  readonly byIndex?: boolean;
}

/** `bigint`: instants and numbers of rows, all below 2^53. */
const bigintOid = 20;
/** `count(*)` of `numeric`, `sum(bigint)`. */
const numericOid = 1700;

/** What a server that is not there is waited for. */
const connectsWithinMs = 5_000;
/** A network that swallows packets says nothing itself. */
const usualAnswersWithinMs = 30_000;

/** What is committed is on disk, also where the database's default is that it may be lost in a crash. What is stricter stays. */
const neverOff =
  "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

/**
 * Of a table that is empty all is read rather than its index; a plan that was made then is wrong when it has grown
 * (`kept-statements.ts`). Of what has no index for it all is read still, which before PostgreSQL 18 counts as so dear that it would be
 * compiled first.
 */
const neverWhole = 'set enable_seqscan = off; set jit = off';

const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === bigintOid || oid === numericOid) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/**
 * Connections with one PostgreSQL. Behind a pooler nothing is left on them that outlasts a transaction: neither settings nor
 * statements (`kept-statements.ts`).
 */
export function createPool({
  url,
  most,
  onLost,
  answersWithinMs = usualAnswersWithinMs,
  isPooled = false,
  byIndex = false,
}: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: asLibpqReads(url),
    max: most,
    types,
    application_name: 'hookwire',
    connectionTimeoutMillis: connectsWithinMs,
    query_timeout: answersWithinMs,
    keepAlive: true,
    onConnect: async (client) => {
      if (!isPooled) await client.query(byIndex ? `${neverOff}; ${neverWhole}` : neverOff);
    },
  });
  pool.on('error', (error) => onLost?.(error));
  // What is asked on a connection that breaks fails. Without a listener the process would end besides, also where it breaks
  // before whoever got it from the pool has had a turn of the event loop.
  pool.on('connect', (client) => void client.on('error', () => {}));
  if (!isPooled) keepStatements(pool);
  return pool;
}
