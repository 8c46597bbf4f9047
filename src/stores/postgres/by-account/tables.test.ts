import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabases } from '../testing/databases.ts';

const databases = createTestDatabases();
let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client(await databases.laidOut('catalogue'));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await databases.remove();
});

const ofNobody = 'the gateway’s own, of no account';
const ofProcesses = 'of the processes, and not of what they deliver';
const people = 'people come in before it is known of which accounts they are';
const found = 'is looked up by an id before it is known whose it is; a row for each that a person made';

/** Tables that are not by account, and why. Everything else is, so that it can be distributed by it (docs/guides/postgresql.md). */
const exceptions: Readonly<Record<string, string>> = {
  access_era: people,
  accounts: 'has one row an account; its id is the account',
  api_keys: found,
  audit: 'is numbered through, by all that happened, operators’ deeds among it',
  auth_account: people,
  auth_session: people,
  auth_user: people,
  auth_verification: people,
  changes_while_copied: ofNobody,
  deleted_keys: found,
  erased_places: ofNobody,
  erasure_counts: 'belongs to an erasure',
  erasures: 'outlives its account, whose removal it records',
  gateway_secrets: ofNobody,
  kept_answers: 'is by who called: an account’s key, or an operator’s',
  key_deletions: found,
  master_keys: ofNobody,
  members: people,
  moves: ofNobody,
  open_breakers: 'is by webhook alone; a row for each endpoint that is down at this moment',
  processes: ofProcesses,
  retention_cursors: 'is by how long things are kept, whoever keeps them so long',
  schema_migrations: ofNobody,
  shard_leases: ofProcesses,
  trusted_time: ofNobody,
  used_portal_links: found,
};

it('begins the primary key of every table with the account, but of those that are none’s', async () => {
  const { rows } = await client.query<{ name: string; first: string | null }>(
    `select t.relname as name, a.attname as first
     from pg_class t
     left join pg_index i on i.indrelid = t.oid and i.indisprimary
     left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
     where t.relkind in ('r', 'p') and not t.relispartition and t.relnamespace = 'public'::regnamespace
     order by t.relname collate "C"`,
  );
  const others = rows.filter(({ first }) => first !== 'account' && first !== 'account_id');
  expect(others.map(({ name }) => name)).toEqual(Object.keys(exceptions));
  expect(rows.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['events', 'waiting', 'deliveries', 'attempts', 'event_identities', 'webhooks']),
  );
});
