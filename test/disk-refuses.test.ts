import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { eventually } from '../src/testing/eventually.ts';
import { openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

/** From another connection: nothing is written any more that the gateway writes for events, attempts and probes. */
const tables = ['events', 'attempts', 'write_probe'];

it('says that it is not ready while the disk refuses, is ready again without traffic, and stops without waiting', async () => {
  await using gateway = await openGateway();
  await using receiver = await createReceiver();
  const db = new DatabaseSync(join(gateway.dataDir, 'hookwire.db'), { timeout: 10_000 });
  const refuse = (): void => {
    for (const table of tables) {
      db.exec(
        `CREATE TRIGGER refuse_${table} BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'full'); END`,
      );
    }
  };
  const accountId = await gateway.createAccount();
  await gateway.createWebhook(accountId, { url: receiver.url });
  const event = { accountId, product: 'sms', reportType: 'dlr', messageId: 'm1', status: 'delivered' };
  const ready = async (): Promise<number> => (await gateway.api('GET', '/readyz')).status;
  expect(await ready()).toBe(200);

  refuse();
  const refused = await gateway.api<{ code: string }>('POST', '/v1/events', event);
  expect([refused.status, refused.body.code]).toEqual([503, 'overloaded']);
  const answer = await gateway.api<{ detail: string }>('GET', '/readyz');
  expect(answer).toMatchObject({
    status: 503,
    body: { detail: 'The store cannot write: full (constraint failed).' },
  });
  const metrics = await gateway.api<string>('GET', '/metrics');
  expect(metrics.body).toMatch(/^hookwire_store_writable 0$/m);
  expect(metrics.body).not.toMatch(/^hookwire_commits_failed_total 0$/m);

  for (const table of tables) db.exec(`DROP TRIGGER refuse_${table}`);
  await eventually(ready, (status) => status === 200);
  await gateway.accept(event);
  await receiver.next();
  await gateway.idle();

  // What is answered now cannot be recorded; the 20 s for stopping would pass before the test does.
  refuse();
  await gateway.api('POST', '/v1/events', { ...event, messageId: 'm2' });
  db.exec('DROP TRIGGER refuse_events');
  await gateway.accept({ ...event, messageId: 'm3' });
  await receiver.next();
  await gateway.gateway.close();
  db.close();
});
