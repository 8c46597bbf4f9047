import type { Pool } from 'pg';
import { AnswerLostError, onConnection } from './connection.ts';
import { migrations } from './migrations/index.ts';
import { migrate } from './migrations/migrate.ts';
import { sqlState } from './sql-state.ts';

/** The database of a connection string cannot be used as it is; the message says what to do. */
export class DatabaseUnusableError extends Error {
  readonly code = 'database_unusable';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'DatabaseUnusableError';
  }
}

export interface LayOutOptions {
  readonly key?: string;
  readonly warn?: (message: string) => void;
}

/**
 * Connects for the first time, and brings the schema up to date.
 *
 * @param options the key that `url` is from, and who is told of what it waits for
 * @throws {DatabaseUnusableError} where there is no server, it does not let this user in, or is lost meanwhile
 * @throws {SchemaError}, {MigrationError} and {SchemaBusyError} as `migrate`
 */
export async function layOut(
  pool: Pool,
  url: string,
  { key = 'HOOKWIRE_DATABASE_URL', warn }: LayOutOptions = {},
): Promise<void> {
  let isConnected = false;
  try {
    await onConnection(pool, (client) => {
      isConnected = true;
      return migrate(client, migrations, { ...(warn && { warn }) });
    });
  } catch (error) {
    throw isConnected && !(error instanceof AnswerLostError) ? error : unusable(error, url, key);
  }
}

/** Why a server cannot be connected with, by the key that names it. */
export function unusable(error: unknown, url: string, key: string): DatabaseUnusableError {
  return new DatabaseUnusableError(problemOf(error, new URL(url), key), error);
}

/**
 * What the server does not do for what is committed to outlast a crash; `null`: nothing.
 *
 * @param isPooled a pooler may give each transaction a connection on which `synchronous_commit` is what it is by default (pool.ts)
 */
export async function durabilityProblem(pool: Pool, isPooled = false): Promise<string | null> {
  const { rows } = await onConnection(pool, (client) =>
    client.query<{ name: string }>(
      `select name from pg_settings where name in ('fsync', 'full_page_writes') and setting = 'off'
         or $1 and name = 'synchronous_commit' and reset_val = 'off' order by name`,
      [isPooled],
    ),
  );
  if (rows.length === 0) return null;
  const off = rows.map(({ name }) => name).join(' and ');
  return `PostgreSQL runs with ${off} off: what was acknowledged can be lost when its machine crashes. Set it to on.`;
}

const byState: Readonly<Record<string, (url: URL) => string>> = {
  '28P01': ({ username }) => `its user ${username} has another password`,
  28000: ({ username }) => `it does not let user ${username} in from here (pg_hba.conf)`,
  '3D000': ({ pathname }) =>
    `it has no database ${pathname.slice(1)}: make it, as with createdb ${pathname.slice(1)}`,
  53300: () => 'it has no connection left: raise its max_connections',
  '57P03': () => 'it is starting up or going down: try again in a moment',
};

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'no name server answers for that name',
  ETIMEDOUT: 'nothing answers there',
  ECONNRESET: 'it ended the connection',
};

/** Words without the password. */
function problemOf(error: unknown, url: URL, key: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = byState[sqlState(error)]?.(url) ?? byCode[code] ?? String((error as Error).message);
  return `The PostgreSQL at ${url.host} (${key}) cannot be used: ${why}.`;
}
