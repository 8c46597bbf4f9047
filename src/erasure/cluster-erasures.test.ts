import { beforeEach, describe, expect, it } from 'vitest';
import { createMessagesHub, type MessagesHub } from '../cluster/testing/messages-hub.ts';
import { type PlayedCluster, playCluster } from '../cluster/testing/played-cluster.ts';
import type { AuditActor } from '../stores/ports/audit.ts';
import { eventually } from '../testing/eventually.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { turns } from '../testing/turns.ts';
import { type ClusterErasures, createClusterErasures } from './cluster-erasures.ts';
import { createErasures } from './erasures.ts';
import { huge, playErasureStore } from './testing/erasure-store.ts';

const by: AuditActor = { kind: 'person', id: 'per_1', name: 'Ada Lovelace' };
const log = { info: () => {}, warn: () => {} };

describe('the erasures of a cluster', () => {
  let clock: ManualClock;
  let hub: MessagesHub;
  let cluster: PlayedCluster;
  let played: ReturnType<typeof playErasureStore>;
  let a: ClusterErasures;
  let b: ClusterErasures;
  let made: number;

  function open(id: string): ClusterErasures {
    const { store } = played;
    const context = {
      tasks: { unfinished: async () => [] },
      recovery: { cancel: async () => null },
      couriers: { drop: async () => {} },
      flushAudit: async () => {},
      handedIn: () => 0,
      settled: async () => {},
    } as unknown as Parameters<typeof createErasures>[0];
    const erasures = createClusterErasures({
      ...{ store, clock, log, messages: hub.connect(id), cluster: cluster.of(id) },
      make() {
        made++;
        return createErasures({ ...context, store, clock, log });
      },
    });
    erasures.start();
    return erasures;
  }

  beforeEach(() => {
    clock = createManualClock();
    hub = createMessagesHub();
    cluster = playCluster('a', 'b');
    played = playErasureStore();
    made = 0;
    [a, b] = [open('a'), open('b')];
  });

  const erase = (by_: ClusterErasures, accountId: string) =>
    by_.create({ accountId, sought: { mobileNumber: '919812345678' }, waiting: 'drop', by });

  const ends = (id: string) =>
    eventually(
      () => played.state(id),
      (state) => state === 'done',
    );

  it('are at work in the process that leads, whoever was asked, of whom none tells who is erased', async () => {
    const bodies: string[] = [];
    hub.lose((_kind, body) => {
      bodies.push(JSON.stringify(body));
      return false;
    });
    cluster.lead('a');
    await turns();
    await ends((await erase(b, 'acc_1')).id);
    await ends((await erase(a, 'acc_2')).id);
    expect(made).toBe(1);
    expect(bodies).toEqual(['null']);
    await a.close();
  });

  it('wait in the store while nobody leads, and are ended by the next who does', async () => {
    cluster.lead('a');
    await turns();
    const first = await erase(b, huge);
    await eventually(
      () => played.state(first.id),
      (state) => state === 'running',
    );
    cluster.lead(null);
    await turns();
    const second = await erase(b, 'acc_1');
    expect(played.state(second.id)).toBe('waiting');
    cluster.lead('b');
    await ends(second.id);
    expect(played.state(first.id)).toBe('running');
    await b.close();
  });

  it('are found within a minute where the word of them was lost', async () => {
    hub.lose(() => true);
    cluster.lead('a');
    await turns();
    const { id } = await erase(b, 'acc_1');
    await turns();
    expect(played.state(id)).toBe('waiting');
    clock.advance(60_000);
    await ends(id);
    await a.close();
  });

  it('remove an account whose deletion was cut short, and no account twice', async () => {
    cluster.lead('a');
    await turns();
    played.deletedWithoutTask.add('acc_1');
    clock.advance(60_000);
    await turns();
    expect(await b.removing('acc_1')).toBeNull();
    clock.advance(60_000);
    await eventually(
      () => played.asked,
      (asked) => asked.includes('find of acc_1'),
    );
    played.deletedWithoutTask.add(huge);
    await b.deleteAccount(huge, by);
    clock.advance(60_000);
    await turns();
    expect(await b.removing(huge)).toMatchObject({ kind: 'account_deletion' });
    expect((await played.store.unfinished()).filter((each) => each.deletedAccountId === huge)).toHaveLength(
      1,
    );
    await a.close();
  });

  it('are refused beyond as many as an account may have, in any process', async () => {
    for (let i = 0; i < 20; i++) await erase(b, huge);
    await expect(erase(b, huge)).rejects.toMatchObject({ code: 'conflict' });
    await erase(b, 'acc_1');
  });
});
