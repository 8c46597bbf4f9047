import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabases } from '../testing/databases.ts';
import { findAccount } from './find-account.ts';

const databases = createTestDatabases();
let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client(await databases.laidOut('accounts'));
  await client.connect();
  await client.query(`insert into accounts (id, name, created_at) values ('acc_1', 'One', 0)`);
  await client.query(
    `insert into webhooks (account_id, id, product, report_type, status, search_text, version, created_at, updated_at, deleted_at)
     values ('acc_1', 'wh_1', 'sms', 'dlr', 'active', '', 1, 0, 0, null), ('acc_1', 'wh_2', 'sms', 'dlr', 'active', '', 1, 0, 0, 5)`,
  );
});
afterAll(async () => {
  await client.end();
  await databases.remove();
});

describe('the account of a webhook', () => {
  it.each([
    ['wh_1', 'acc_1'],
    ['wh_2', 'acc_1'],
    ['wh_3', null],
  ])('is for %s, deleted or not: %s', async (webhookId, account) => {
    expect(await findAccount(client, webhookId)).toBe(account);
  });
});
