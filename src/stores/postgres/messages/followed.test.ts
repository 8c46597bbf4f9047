import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigurationFollower, followConfiguration } from '../../../cluster/follow-configuration.ts';
import { systemClock } from '../../../core/clock.ts';
import type { WebhookWithSecrets } from '../../../core/webhook.ts';
import { createWebhookAnnouncements } from '../../../delivery/announce-webhooks.ts';
import { type KnownAccounts, knowAccounts } from '../../../routing/known-accounts.ts';
import { type KnownSenders, knowSenders } from '../../../routing/known-senders.ts';
import { createWebhookRegistry, type WebhookRegistry } from '../../../routing/registry.ts';
import { testEvent } from '../../../testing/factories.ts';
import { fullWebhook, sender, webhook } from '../../conformance/directory/samples.ts';
import type { Directory } from '../../ports/directory.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';
import { createPostgresConfigurationNews } from './configuration-news.ts';
import { createListening } from './listening.ts';

const places = createOrdinaryPlaces();
const secret = { secret: 'whsec_first', expiresAt: null };

/** What a process of several knows, as `wiring/load-known.ts` has it, and what the registry told of. */
interface Process {
  readonly accounts: KnownAccounts;
  readonly senders: KnownSenders;
  readonly registry: WebhookRegistry;
  readonly directory: Directory;
  readonly announce: ReturnType<typeof createWebhookAnnouncements>;
  readonly following: ConfigurationFollower;
  /** Of each change that the registry told of: the webhook, its version, `null` where it went. */
  readonly told: [string, number | null][];
  close(): Promise<void>;
}

async function startProcess(place: string): Promise<Process> {
  const store = await places.open(place, systemClock);
  const url = store.pool.options.connectionString as string;
  const listening = createListening({ url, pool: store.pool, warn: () => {} });
  const news = createPostgresConfigurationNews(listening);
  await listening.start();
  const accounts = await knowAccounts(store.directory);
  const senders = await knowSenders(accounts.directory);
  const registry = createWebhookRegistry();
  for (const registered of await store.directory.loadWebhooks()) registry.put(registered);
  const { directory } = senders;
  const log = { warn() {} };
  const following = followConfiguration({
    news,
    directory,
    accounts,
    senders,
    registry,
    clock: systemClock,
    log,
  });
  const told: [string, number | null][] = [];
  registry.onChange((id, now) => told.push([id, now?.webhook.version ?? null]));
  return {
    ...{ accounts, senders, registry, directory, following, told },
    announce: createWebhookAnnouncements(registry, { heard: async () => {} }),
    async close() {
      await following.close();
      await listening.close();
      await store.close();
    },
  };
}

let a: Process;
let b: Process;
let place = 0;

beforeEach(async () => {
  place++;
  a = await startProcess(`${place}`);
  b = await startProcess(`${place}`);
  for (const id of ['acc_1', 'acc_2']) await a.directory.createAccount({ id, name: id, createdAt: 0 });
});
afterEach(async () => {
  await Promise.all([a.close(), b.close()]);
  await places.remove();
});

/** As the API does it. */
async function makeWebhook({ directory, announce }: Process, id: string, accountId = 'acc_1'): Promise<void> {
  const made = webhook({ id, accountId });
  await directory.createWebhook(made, secret);
  await announce.created(made, [secret]);
}

const all = ({ registry }: Process): Record<string, WebhookWithSecrets> =>
  Object.fromEntries(registry.all().map((registered) => [registered.webhook.id, registered]));

describe('what one process changes of the configuration', () => {
  it('another knows within a second: webhooks with their versions, status, secrets and end', async () => {
    await makeWebhook(a, 'wh_1');
    const soon = { timeout: 30_000, interval: 10 };
    await expect.poll(() => b.registry.get('wh_1'), soon).toEqual(a.registry.get('wh_1'));
    const since = systemClock.elapsed();
    for (const change of [
      () => a.directory.replaceWebhook('wh_1', fullWebhook, 5),
      () => a.directory.setWebhookStatus('wh_1', 'disabled', 'by_user', 6),
    ]) {
      const changed = await change();
      await expect.poll(() => b.registry.get('wh_1')?.webhook, soon).toEqual(changed);
    }
    const secrets = await a.directory.rotateSecret('wh_1', 'whsec_second', 7, 1e15);
    await expect.poll(() => b.registry.get('wh_1')?.secrets, soon).toEqual(secrets);
    await a.directory.deleteWebhook('wh_1', 8);
    await expect.poll(() => b.registry.get('wh_1'), soon).toBeUndefined();
    await a.directory.restoreWebhook('wh_1', 0, 9);
    await expect.poll(() => b.registry.get('wh_1')?.secrets, soon).toEqual(secrets);
    // Five changes, one after another; some 0.1 s where the machine has time for it.
    expect(systemClock.elapsed() - since).toBeLessThan(5 * 6_000);
  });

  it('another knows: accounts with limits and times, their senders, and that they are gone with all that was theirs', async () => {
    await a.directory.changeAccount('acc_2', { limits: { webhooks: 7 }, keep: { logDays: 3 } });
    await a.directory.createSender(
      sender({ id: 'snd_1', accountId: 'acc_2', productUniqueId: '919812345678' }),
    );
    await makeWebhook(a, 'wh_2', 'acc_2');
    const event = testEvent({ accountId: 'acc_2', product: 'whatsapp', productUniqueId: '919812345678' });
    const known = () => ({
      has: b.accounts.has('acc_2'),
      webhooks: b.accounts.limitsOf('acc_2').webhooks,
      isUnmatched: b.senders.isUnmatched(event),
      ofAccount: b.registry.ofAccount('acc_2').length,
    });
    await expect.poll(known).toEqual({ has: true, webhooks: 7, isUnmatched: false, ofAccount: 1 });
    expect(b.accounts.keepOf('acc_2')).toEqual(a.accounts.keepOf('acc_2'));
    await a.directory.deleteAccount('acc_2');
    await expect.poll(known).toMatchObject({ has: false, isUnmatched: true, ofAccount: 0 });
    expect([...b.senders.ids()]).toEqual([]);
  });

  it('it hears of itself, and nothing changes by that', async () => {
    await makeWebhook(a, 'wh_1');
    const replaced = await a.directory.replaceWebhook('wh_1', fullWebhook, 5);
    if (replaced) await a.announce.changed(replaced, [secret]);
    await a.directory.setFailingSince('wh_1', 6);
    await makeWebhook(a, 'wh_last');
    // B hears of each in their order, as A does.
    await expect.poll(() => b.registry.all().map(({ webhook: { version } }) => version)).toEqual([2, 1]);
    await a.following.refresh('wh_1');
    const versions = a.told.filter(([id]) => id === 'wh_1').map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([1, 2]));
    expect(versions).toEqual(versions.toSorted());
    expect(a.registry.get('wh_1')?.webhook).toEqual(replaced);
  });

  it('is the same in all of them in the end, where several change the same at once', async () => {
    for (let i = 0; i < 5; i++) await makeWebhook(a, `wh_${i}`);
    await expect.poll(() => b.registry.all().length).toBe(5);
    const change = async ({ directory, announce }: Process, n: number): Promise<void> => {
      const id = `wh_${n % 5}`;
      const changed =
        n % 3 === 0
          ? await directory.setWebhookStatus(id, n % 2 === 0 ? 'enabled' : 'disabled', 'by_user', 100 - n)
          : await directory.replaceWebhook(id, { ...fullWebhook, description: `${n}` }, 100 - n);
      if (changed) await announce.changed(changed, await directory.getSecrets(id, 0));
    };
    await Promise.all(
      [a, b].flatMap((process, p) => Array.from({ length: 30 }, (_, n) => change(process, 2 * n + p))),
    );
    const stored = async () =>
      Object.fromEntries((await a.directory.loadWebhooks()).map((each) => [each.webhook.id, each]));
    const truth = await stored();
    await expect.poll(() => [all(a), all(b)]).toEqual([truth, truth]);
    expect(await stored()).toEqual(truth);
  });

  it('another reads when it asks, before it has heard of it; what is gone or never was it finds missing', async () => {
    await makeWebhook(a, 'wh_1');
    expect((await b.following.refresh('wh_1'))?.webhook.id).toBe('wh_1');
    expect(b.registry.get('wh_1')?.secrets).toEqual([secret]);
    await a.directory.deleteWebhook('wh_1', 5);
    expect(await b.following.refresh('wh_1')).toBeNull();
    expect(b.registry.get('wh_1')).toBeUndefined();
    expect(await b.following.refresh('wh_none')).toBeNull();
  });

  it('another knows of it also where it could not listen meanwhile', async () => {
    for (const id of ['wh_kept', 'wh_changed', 'wh_gone']) await makeWebhook(a, id);
    await a.directory.createSender(sender({ id: 'snd_gone' }));
    await expect.poll(() => [b.registry.all().length, [...b.senders.ids()].length]).toEqual([3, 1]);
    const admin = await places.open(`${place}`, systemClock);
    // Nobody hears of these.
    await admin.pool.query(
      'alter table webhooks disable trigger all; alter table senders disable trigger all',
    );
    await admin.pool.query('alter table accounts disable trigger all');
    await a.directory.replaceWebhook('wh_changed', fullWebhook, 5);
    await a.directory.deleteWebhook('wh_gone', 6);
    await a.directory.deleteSender('snd_gone');
    await admin.directory.createAccount({ id: 'acc_new', name: '', createdAt: 0 });
    for (let i = 0; i < 450; i++)
      await admin.directory.createSender(sender({ id: `snd_${i}`, productUniqueId: `91990000${1000 + i}` }));
    await admin.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'hookwire listening'",
    );
    await expect
      .poll(() => ({
        webhooks: Object.values(all(b))
          .map(({ webhook: { id, version } }) => `${id} ${version}`)
          .toSorted(),
        hasAccount: b.accounts.has('acc_new'),
        senders: [...b.senders.ids()].length,
      }))
      .toEqual({ webhooks: ['wh_changed 2', 'wh_kept 1'], hasAccount: true, senders: 450 });
    expect(b.told.filter(([id]) => id === 'wh_kept')).toHaveLength(1);
    await admin.close();
  });
});
