import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../migrations/migrate.ts';
import { type PostgresServer, startPostgres } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a PostgreSQL whose files nobody needs when the tests have ended; see `databases.ts`. */
    readonly postgres: string;
  }
}

/**
 * The database that those with the schema are copies of: a copy takes a fifth of the time of all steps. Its texts have the order
 * of words, as most people's databases have, so that it shows where one has to be compared byte by byte and is not.
 */
export const laidOutTemplate = 'laid_out';

/**
 * One server for all tests that need no server of their own. What it knows of a table, by which it plans, is what a test has it
 * find out, whenever that runs: by itself it looks into each database once a minute.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ settings: { autovacuum: 'off' } });
  await layOut(server);
  project.provide('postgres', server.url('postgres'));
  return () => server.remove();
}

async function layOut(server: PostgresServer): Promise<void> {
  const maker = new pg.Client(server.url('postgres'));
  await maker.connect();
  const words = "template template0 locale_provider icu icu_locale 'en-US'";
  await maker.query(`create database ${laidOutTemplate} ${words}`).finally(() => maker.end());
  const client = new pg.Client(server.url(laidOutTemplate));
  await client.connect();
  await migrate(client).finally(() => client.end());
}
