import { DatabaseSync } from 'node:sqlite';
import { getMigrations } from 'better-auth/db/migration';
import { describe, expect, it } from 'vitest';
import { migrate } from '../stores/sqlite/migrations/migrate.ts';
import { authTables } from './better-auth.ts';

/** What better-auth's own tool would change of a database. */
async function missingIn(database: DatabaseSync): Promise<string[]> {
  const { toBeCreated, toBeAdded, compileMigrations } = await getMigrations({ ...authTables, database });
  const tables = [...toBeCreated, ...toBeAdded].map(({ table }) => table);
  const sql = await compileMigrations();
  return sql.trim() === ';' || sql.trim() === '' ? tables : [...tables, sql];
}

describe('the tables of better-auth', () => {
  it('are all there after our migrations, with all their columns and indexes', async () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    expect(await missingIn(database)).toEqual([]);
  });

  it('are missed where they are not', async () => {
    const missing = await missingIn(new DatabaseSync(':memory:'));
    expect(missing).toEqual(expect.arrayContaining(['auth_user', 'auth_session', 'auth_account']));
  });
});
