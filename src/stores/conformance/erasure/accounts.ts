import { describe, expect, it } from 'vitest';
import { testWebhook } from '../../../testing/factories.ts';
import { bucketMs } from '../../ports/stats.ts';
import type { Task } from '../../ports/tasks.ts';
import type { OpenStore } from '../open-store.ts';
import { appendTold, delivered, newEvent, record, unique } from '../samples.ts';
import { accept, accountDeletion, erasure, findAll, removeAccount, uniqueNumber } from './samples.ts';

const at = Date.UTC(2026, 10, 22, 10);
const page = { limit: 100, cursor: null };
const stats = { attempts: 1, delivered: 1, failed: 0, errors: [], durations: [4, 1], latencies: [7, 1] };

/** Accounts that are deleted, with all that they have. */
export function describeDeletedAccounts(open: () => OpenStore): void {
  /** An account with something of everything. */
  async function account() {
    const { directory, tasks, audit, erasures, stats: statistics } = open();
    const id = unique('acc');
    await directory.createAccount({ id, name: id, createdAt: at });
    const webhook = testWebhook({ id: unique('wh'), accountId: id });
    await directory.createWebhook(webhook, { secret: 'whsec_first', expiresAt: null });
    await directory.replaceWebhook(webhook.id, { ...webhook, url: 'https://example.com/two' }, at);
    await directory.createKey({ id: unique('key'), accountId: id, name: 'k', scopes: [], createdAt: at }, id);
    const sender = { id: unique('snd'), accountId: id, product: 'whatsapp', label: null } as const;
    await directory.createSender({ ...sender, productUniqueId: uniqueNumber(), createdAt: at });
    const task: Task = {
      ...{ id: unique('task'), accountId: id, kind: 'replay', filter: {}, states: ['failed'], state: 'done' },
      ...{ reason: null, total: 1, done: 1, failed: 0, skipped: 0, createdAt: at, finishedAt: at },
      progress: null,
    };
    await tasks.create(task);
    const kept = { fingerprint: 'f', status: 201, location: null, body: '{}', at };
    await directory.keptAnswers.keep({ ...kept, scope: id, key: 'k' });
    await audit.add([
      {
        ...{ at, accountId: id, action: 'webhook.updated', target: null, changes: [], ip: null },
        actor: { kind: 'person', id: 'per_1', name: 'Ada' },
      },
    ]);
    const own = erasure({ mobileNumber: uniqueNumber() }, { accountId: id });
    await erasures.create(own);
    await statistics.add([{ webhookId: webhook.id, from: at, ...stats }]);
    const mobileNumber = uniqueNumber();
    const entry = newEvent([webhook.id], { accountId: id, mobileNumber }, unique('own'));
    const { deliveries, ids } = await accept(open(), entry);
    const [[delivery], [event]] = [deliveries, ids];
    if (!delivery || event === undefined) throw new Error('nothing told');
    await record(open().log, delivery, delivered, { responseBody: 'OK' });
    return { id, webhook, task, own, delivery, event, entry, mobileNumber };
  }

  /** What is found of it, by kind. */
  async function foundOf({
    id,
    webhook,
    task,
    own,
    delivery,
    event,
    mobileNumber,
  }: Awaited<ReturnType<typeof account>>) {
    const { directory, history, tasks, audit, erasures, stats: statistics } = open();
    const there = async (found: Promise<unknown>) => (await found) !== null;
    const from = { asker: null, webhookId: webhook.id, from: at, to: at + bucketMs.day };
    const isSome = async (list: Promise<{ readonly data: readonly unknown[] }>) =>
      (await list).data.length > 0;
    const found = {
      account: await there(directory.getAccount(id)),
      webhook: await there(directory.getWebhook(webhook.id)),
      version: await there(directory.getWebhookVersion(webhook.id, 1)),
      secrets: (await directory.getSecretHistory(webhook.id)).length > 0,
      key: (await directory.findKeys([id])).keys.size > 0,
      sender: await isSome(directory.listSenders({ accountId: id }, page)),
      task: await there(tasks.get(task.id)),
      keptAnswer: await there(directory.keptAnswers.find(id, 'k', 0)),
      audit: await isSome(audit.list({ accountId: id }, page)),
      erasure: await there(erasures.get(own.id)),
      statistics: (await statistics.read({ ...from, bucket: 'minute' })).length > 0,
      event: await there(history.getEvent(event, null)),
      eventByNumber: await isSome(history.findEvents({ accountId: null, mobileNumber }, page)),
      delivery: await there(history.getDelivery(delivery.id)),
      deliveries: await isSome(history.listDeliveries({ accountId: id }, page)),
      deliveryIds: await isSome(history.listDeliveryIds({ accountId: null, webhookId: webhook.id }, page)),
      state: (await history.statesOf([delivery.id])).length > 0,
    };
    return Object.entries(found)
      .filter(([, isThere]) => isThere)
      .map(([kind]) => kind);
  }

  describe('an account that is deleted', () => {
    it('shows nothing of what happened in it from that moment, and is one without a task that removes it', async () => {
      const gone = await account();
      expect(await open().erasures.deletedWithoutTask()).not.toContain(gone.id);
      expect(await open().erasures.webhooksOf(gone.id)).toEqual([gone.webhook.id]);
      await open().directory.deleteAccount(gone.id);
      const found = await foundOf(gone);
      for (const kind of ['account', 'event', 'eventByNumber', 'delivery', 'deliveries', 'deliveryIds'])
        expect(found).not.toContain(kind);
      expect(await open().erasures.deletedWithoutTask()).toContain(gone.id);
      expect(await open().erasures.webhooksOf(gone.id)).toEqual([gone.webhook.id]);
      await open().erasures.create(accountDeletion(gone.id));
      expect(await open().erasures.deletedWithoutTask()).not.toContain(gone.id);
    });

    it('is removed with all that it had, and everything of others stays', async () => {
      const [gone, stays] = [await account(), await account()];
      const all = await foundOf(stays);
      expect(await foundOf(gone)).toEqual(all);
      await open().directory.deleteAccount(gone.id);
      const counts = await removeAccount(open(), gone.id);
      expect(counts).toMatchObject({
        ...{ events: 1, deliveries: 1, attempts: 1, webhooks: 1, webhookVersions: 2 },
        ...{ tasks: 1, auditEntries: 1 },
      });
      expect(await foundOf(gone)).toEqual([]);
      expect(await foundOf(stays)).toEqual(all);
      expect(await open().history.getDelivery(stays.delivery.id)).toMatchObject({
        event: stays.delivery.event,
      });
      expect(await open().erasures.deletedWithoutTask()).not.toContain(gone.id);
    });

    it('leaves its id, and those of its events, to another one that has nothing of it', async () => {
      const gone = await account();
      const another = { id: gone.id, name: 'Another', createdAt: at };
      await open().directory.deleteAccount(gone.id);
      await removeAccount(open(), gone.id);
      expect(await open().directory.createAccount(another)).toMatchObject({ name: 'Another' });
      expect((await open().history.listDeliveries({ accountId: gone.id }, page)).data).toEqual([]);
      const [again] = await appendTold(open().log, [{ ...gone.entry, webhookIds: [] }]);
      expect(again).toMatchObject({ result: 'accepted', eventId: gone.event });
    });

    it('goes a piece at a time, also what is one event for many webhooks', async () => {
      const gone = await account();
      const webhookIds = Array.from({ length: 700 }, () => unique('wh'));
      await accept(open(), newEvent(webhookIds, { accountId: gone.id }));
      await accept(open(), ...Array.from({ length: 300 }, () => newEvent([], { accountId: gone.id })));
      await open().directory.deleteAccount(gone.id);
      const events = await findAll(open(), accountDeletion(gone.id));
      expect(events).toHaveLength(302);
      expect(events).toEqual([...new Set(events)].toSorted((a, b) => a - b));
      expect(await removeAccount(open(), gone.id)).toMatchObject({ events: 302, deliveries: 701 });
      expect(await foundOf(gone)).toEqual([]);
    });

    it('counts nothing twice where its removal does the same again', async () => {
      const gone = await account();
      await open().directory.deleteAccount(gone.id);
      const of = accountDeletion(gone.id);
      await open().erasures.create(of);
      const events = await findAll(open(), of);
      for (let i = 0; i < 2; i++) expect(await open().erasures.deleteEvents(of, events)).toBe(1);
      expect((await open().erasures.get(of.id))?.counts).toEqual({ events: 1, deliveries: 1, attempts: 1 });
    });

    it('takes no event of another account along, although it is told to', async () => {
      const [gone, stays] = [await account(), await account()];
      await open().directory.deleteAccount(gone.id);
      const all = await findAll(open(), accountDeletion(stays.id));
      await open().erasures.deleteEvents(accountDeletion(gone.id), all);
      expect(await open().history.getDelivery(stays.delivery.id)).not.toBeNull();
    });
  });
}
