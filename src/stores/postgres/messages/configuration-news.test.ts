import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { fullWebhook, key, sender, webhook } from '../../conformance/directory/samples.ts';
import { attemptOf, delivered, newEvent } from '../../conformance/samples.ts';
import type { Directory } from '../../ports/directory.ts';
import { createPool } from '../pool.ts';
import { createLogPlaces } from '../testing/log-places.ts';
import { createPostgresConfigurationNews } from './configuration-news.ts';
import { createListening, type Listening } from './listening.ts';

const places = createLogPlaces();
const secret = { secret: 'whsec_first', expiresAt: null };
let store: Awaited<ReturnType<typeof places.open>>;
let directory: Directory;
let pool: Pool;
let listening: Listening;
let heard: string[];

beforeAll(async () => {
  store = await places.open('news', systemClock);
  ({ directory } = store);
  pool = createPool({ url: store.pool.options.connectionString as string, most: 2 });
  listening = createListening({ url: store.pool.options.connectionString as string, pool, warn: () => {} });
  const news = createPostgresConfigurationNews(listening);
  news.onMissed(() => heard.push('missed'));
  news.onChanged(({ of, id }) => heard.push(`${of} ${id}`));
  heard = [];
  await listening.start();
  expect(heard).toEqual(['missed']);
  for (const id of ['acc_1', 'acc_2']) await directory.createAccount({ id, name: id, createdAt: 0 });
  await directory.createWebhook(webhook({ id: 'wh_1' }), secret);
});
beforeEach(async () => {
  await said();
  heard.length = 0;
});
afterAll(async () => {
  await listening.close();
  await pool.end();
  await store.close();
  await places.remove();
});

let rounds = 0;
/** Resolves when all that was said before is heard. */
async function said(): Promise<readonly string[]> {
  const id = `acc_round_${rounds++}`;
  await directory.createAccount({ id, name: '', createdAt: 0 });
  await expect.poll(() => heard, { interval: 5 }).toContain(`account ${id}`);
  return heard.filter((each) => !each.startsWith('account acc_round_'));
}

describe('news of the configuration', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    [
      'an account that is made',
      () => directory.createAccount({ id: 'acc_3', name: '', createdAt: 0 }),
      ['account acc_3'],
    ],
    ['its limits', () => directory.changeAccount('acc_3', { limits: { webhooks: 3 } }), ['account acc_3']],
    ['its times', () => directory.changeAccount('acc_3', { keep: { logDays: 3 } }), ['account acc_3']],
    ['a sender', () => directory.createSender(sender({ id: 'snd_1', accountId: 'acc_3' })), ['sender snd_1']],
    ['a sender that goes', () => directory.deleteSender('snd_1'), ['sender snd_1']],
    [
      'a webhook with its secret',
      () => directory.createWebhook(webhook({ id: 'wh_2' }), secret),
      ['webhook wh_2'],
    ],
    ['a new version', () => directory.replaceWebhook('wh_2', fullWebhook, 5), ['webhook wh_2']],
    ['its status', () => directory.setWebhookStatus('wh_2', 'disabled', 'by_user', 6), ['webhook wh_2']],
    ['another secret', () => directory.rotateSecret('wh_2', 'whsec_second', 7, 1e15), ['webhook wh_2']],
    ['a deletion', () => directory.deleteWebhook('wh_2', 8), ['webhook wh_2']],
    ['one that is taken back', () => directory.restoreWebhook('wh_2', 0, 9), ['webhook wh_2']],
  ])('tell once of %s', async (_, change, expected) => {
    await change();
    expect(await said()).toEqual(expected);
  });

  it('tell of all that a deleted account had', async () => {
    await directory.createSender(sender({ id: 'snd_2', accountId: 'acc_2' }));
    await directory.createWebhook(webhook({ id: 'wh_3', accountId: 'acc_2' }), secret);
    await said();
    heard.length = 0;
    await directory.deleteAccount('acc_2');
    expect((await said()).toSorted()).toEqual(['account acc_2', 'sender snd_2', 'webhook wh_3']);
  });

  it('tell nothing of what did not come to be', async () => {
    expect(await directory.createAccount({ id: 'acc_1', name: '', createdAt: 0 })).toBeNull();
    await pool.query("begin; update webhooks set version = version + 1 where id = 'wh_1'; rollback");
    expect(await said()).toEqual([]);
  });

  it('tell nothing of what the traffic changes, of keys, and of secrets that are sealed anew or wiped', async () => {
    await directory.setFailingSince('wh_1', 5);
    await directory.setFailingSince('wh_1', null);
    await directory.saveBreakers({ opened: [{ webhookId: 'wh_1', until: 5, trips: 1 }], closed: [] });
    await directory.createKey(key({ id: 'key_1' }), 'hash');
    const disabled = await directory.disableWebhook({ ...(await saved()) }, 'failing', 20);
    expect(await said()).toEqual(['webhook wh_1']);
    heard.length = 0;
    await directory.disablingTold('wh_1', 20);
    await directory.setFailingSince(disabled?.id ?? '', 30);
    await pool.query("update webhook_versions set config = config || ' '");
    await pool.query("update webhook_secrets set secret = ''");
    expect(await said()).toEqual([]);
  });

  it('tell nothing of events, attempts, and what is made of them', async () => {
    const recorded = Promise.withResolvers<void>();
    store.log.onAccepted((deliveries) => {
      for (const delivery of deliveries) store.log.record(attemptOf(delivery, delivered), recorded.resolve);
    });
    await store.log.append([newEvent(['wh_1'], { accountId: 'acc_1' })]);
    await recorded.promise;
    expect(await said()).toEqual([]);
    const { rows: tables } = await pool.query<{ table: string }>(
      `select distinct c.relname::text as table from pg_trigger t join pg_class c on c.oid = t.tgrelid
         join pg_proc p on p.oid = t.tgfoid where p.prosrc ~ 'pg_notify' order by 1`,
    );
    expect(tables.map(({ table }) => table)).toEqual(['accounts', 'senders', 'webhook_secrets', 'webhooks']);
  });

  it('tell of 10,000 that were made in one transaction', async () => {
    await pool.query(
      `insert into webhooks (account_id, id, product, report_type, status, search_text, version, created_at, updated_at)
       select 'acc_1', 'wh_many_' || n, 'sms', 'dlr', 'enabled', '', 1, 0, 0 from generate_series(1, 10000) n`,
    );
    expect(new Set(await said()).size).toBe(10_000);
  });

  it('tell that something was missed when the connection was cut', async () => {
    await pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'hookwire listening'",
    );
    await expect.poll(() => heard).toContain('missed');
    await directory.setWebhookStatus('wh_1', 'enabled', null, 40);
    expect(await said()).toContain('webhook wh_1');
  });

  it('are not what other programs say on the channel', async () => {
    await pool.query(
      "select pg_notify(channel, payload) from pg_listening_channels() channel, unnest(array['', '1', '{}', '{\"of\":\"key\",\"id\":\"x\"}', 'null']) payload",
    );
    expect(await said()).toEqual([]);
  });
});

const saved = async () => {
  const found = await directory.getWebhook('wh_1');
  if (!found) throw new Error('There is no wh_1.');
  return found;
};

describe('news that came before somebody listened', () => {
  it('are told when he does, and that some were missed where they were too many or the connection was cut', () => {
    let say: (payload: string) => void = () => {};
    let begin: () => void = () => {};
    const open = () => {
      const told: string[] = [];
      const news = createPostgresConfigurationNews({
        hear: (_, listener) => {
          say = listener;
        },
        onBegun: (listener) => {
          begin = listener;
        },
      });
      return {
        told,
        listen() {
          news.onMissed(() => told.push('missed'));
          news.onChanged(({ id }) => told.push(id));
        },
      };
    };
    const sayOf = (id: string | number) => say(JSON.stringify({ of: 'webhook', id: String(id) }));

    const usual = open();
    begin();
    for (const id of ['a', 'a', 'b']) sayOf(id);
    usual.listen();
    sayOf('c');
    expect(usual.told).toEqual(['a', 'b', 'c']);

    const cut = open();
    begin();
    sayOf('a');
    begin();
    cut.listen();
    expect(cut.told).toEqual(['missed']);

    const many = open();
    begin();
    for (let id = 0; id < 20_000; id++) sayOf(id);
    many.listen();
    expect(many.told).toEqual(['missed']);
  });
});
