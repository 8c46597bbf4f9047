import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { key, sender, webhook } from '../../conformance/directory/samples.ts';
import type { NewAuditEntry } from '../../ports/audit.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
const secret = { secret: 'whsec_first', expiresAt: null };
const each = Array.from({ length: 60 }, (_, i) => i);
let stores: readonly Awaited<ReturnType<typeof places.open>>[];
/** One of three processes on the same database. */
const at = (i: number) => stores[i % stores.length] as (typeof stores)[number];

beforeAll(async () => {
  const clock = createManualClock();
  stores = await Promise.all(each.slice(0, 3).map(() => places.open('shared', clock)));
  await at(0).directory.createAccount({ id: 'acc_1', name: 'Acme', createdAt: 0 });
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await places.remove();
});

describe('several processes on one PostgreSQL', () => {
  it('take together no more of an account than there is room for', async () => {
    const keys = await Promise.all(
      each.map((i) => at(i).directory.createKey(key({ id: `key_${i}` }), `hash-${i}`, 4)),
    );
    const senders = await Promise.all(
      each.map((i) =>
        at(i).directory.createSender(sender({ id: `snd_${i}`, productUniqueId: `9199${i}` }), 4),
      ),
    );
    const webhooks = await Promise.all(
      each.map((i) => at(i).directory.createWebhook(webhook({ id: `wh_${i}` }), secret, 4)),
    );
    expect(keys.filter(Boolean)).toHaveLength(4);
    expect(senders.filter((made) => made !== 'full')).toHaveLength(4);
    expect(webhooks.filter(Boolean)).toHaveLength(4);
    expect(await at(0).directory.countOwned('acc_1')).toEqual({ webhooks: 4, keys: 4, senders: 4 });
  });

  it('write entries of the audit log under numbers of their own', async () => {
    const entry: NewAuditEntry = {
      ...{ at: 1, accountId: 'acc_1', actor: { kind: 'person', id: 'per_1', name: 'Ada' } },
      ...{ action: 'webhook.updated', target: null, changes: [], ip: null },
    };
    const added = await Promise.all(each.map((i) => at(i).audit.add([entry, entry])));
    expect(new Set(added.flat()).size).toBe(120);
  });

  it('hear of every key that is deleted, in the order in which that is seen', async () => {
    const { directory } = at(0);
    for (const i of each) await directory.createKey(key({ id: `gone_${i}` }), `gone-${i}`);
    const heard: string[] = [];
    let { deletions } = await directory.deletedKeys(0);
    const first = deletions;
    const listen = async (): Promise<void> => {
      const more = await at(1).directory.deletedKeys(deletions);
      heard.push(...(more.hashes ?? ['too many']));
      deletions = more.deletions;
    };
    const deleted = Promise.all(each.map((i) => at(i).directory.deleteKey('acc_1', `gone_${i}`)));
    let isOver = false;
    void deleted.finally(() => {
      isOver = true;
    });
    while (!isOver) await listen();
    await listen();
    expect(heard.toSorted()).toEqual(each.map((i) => `gone-${i}`).toSorted());
    expect(deletions - first).toBe(each.length);
  });

  it('let a webhook be changed by one of all who began with the same version', async () => {
    const { directory } = at(0);
    await directory.createWebhook(webhook({ id: 'wh_shared' }), secret);
    const replaced = await Promise.all(
      each.map((i) => at(i).directory.replaceWebhook('wh_shared', webhook({ description: `${i}` }), i, 1)),
    );
    expect(replaced.filter(Boolean)).toHaveLength(1);
    const rotated = await Promise.all(
      each.slice(0, 12).map((i) => at(i).directory.rotateSecret('wh_shared', `whsec_${i}`, 10, 1_000)),
    );
    expect(rotated).toHaveLength(12);
    expect(await directory.getSecretHistory('wh_shared')).toHaveLength(13);
  });
});
