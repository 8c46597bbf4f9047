import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { privateAuthority } from '../../testing/receiver/certificates.ts';
import { createPool } from './pool.ts';
import { type PostgresServer, startPostgres } from './testing/server.ts';

let server: PostgresServer;
let authority: string;

beforeAll(async () => {
  server = await startPostgres({ certificate: privateAuthority });
  authority = join(server.directory, 'authority.pem');
  writeFileSync(authority, privateAuthority.ca);
});
afterAll(() => server.remove());

/** Whether the connection is encrypted; throws where there is none. */
async function isEncrypted(query: string): Promise<boolean> {
  const pool = createPool({ url: `${server.url('postgres')}?${query}`, most: 1 });
  try {
    const { rows } = await pool.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    return rows[0].ssl;
  } finally {
    await pool.end();
  }
}

describe('sslmode', () => {
  it('is what psql takes it for', async () => {
    expect(await isEncrypted('')).toBe(false);
    expect(await isEncrypted('sslmode=disable')).toBe(false);
    expect(await isEncrypted('sslmode=require')).toBe(true);
    const root = `sslrootcert=${encodeURIComponent(authority)}`;
    expect(await isEncrypted(`sslmode=verify-ca&${root}`)).toBe(true);
    expect(await isEncrypted(`sslmode=verify-full&${root}`)).toBe(true);
  });

  it('that verifies takes no certificate of an authority that is not known', async () => {
    await expect(isEncrypted('sslmode=verify-full')).rejects.toThrow(/certificate/);
  });
});
