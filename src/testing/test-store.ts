import { createTestDatabases, type TestDatabases } from '../stores/postgres/testing/databases.ts';

let databases: TestDatabases | null = null;

/**
 * Where the gateways of a test keep their data besides the data directory: with `HOOKWIRE_TEST_STORE=postgres` in a database of the
 * test's own, which is that of the directory for as long as it is there.
 */
export async function testStoreOf(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (process.env.HOOKWIRE_TEST_STORE !== 'postgres') return {};
  databases ??= createTestDatabases();
  return { HOOKWIRE_DATABASE_URL: await databases.laidOut(dataDir) };
}

/** The directory is not needed any more. */
export async function removeTestStore(dataDir: string): Promise<void> {
  await databases?.drop(dataDir);
}
