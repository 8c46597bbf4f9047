import { describe, expect, it } from 'vitest';
import type { Sought } from '../core/traces.ts';
import type { AuditActor } from '../stores/ports/audit.ts';
import type { ErasureStore } from '../stores/ports/erasures.ts';
import { eventually } from '../testing/eventually.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createErasures } from './erasures.ts';
import { huge, playErasureStore } from './testing/erasure-store.ts';

const by: AuditActor = { kind: 'person', id: 'per_1', name: 'Ada Lovelace' };
const sought: Sought = { mobileNumber: '919812345678' };

function open(store: ErasureStore) {
  const erasures = createErasures({
    store,
    tasks: { unfinished: async () => [] },
    recovery: { cancel: async () => null },
    couriers: { drop: async () => {} },
    flushAudit: async () => {},
    handedIn: () => 0,
    settled: async () => {},
    clock: createManualClock(),
    log: { info: () => {}, warn: () => {} },
  } as unknown as Parameters<typeof createErasures>[0]);
  return {
    erasures,
    erase: (accountId: string | null) => erasures.create({ accountId, sought, waiting: 'drop', by }),
    [Symbol.asyncDispose]: () => erasures.close(),
  };
}

const isDone = (state: string | undefined): boolean => state === 'done';

describe('erasures', () => {
  it('of several accounts go on side by side, so that a small one ends while a huge one is at work', async () => {
    const { store, asked, state, mostTogether } = playErasureStore();
    await using opened = open(store);
    const first = await opened.erase(huge);
    await eventually(
      () => asked,
      ({ length }) => length > 0,
    );
    for (const accountId of ['acc_1', 'acc_2', null]) {
      const { id } = await opened.erase(accountId);
      await eventually(() => state(id), isDone);
    }
    expect(state(first.id)).toBe('running');
    expect(mostTogether(), 'pieces at once').toBe(1);
  });

  it('of one account, and its removal, are carried out one after another', async () => {
    const { store, asked, state } = playErasureStore();
    await using opened = open(store);
    await opened.erase(huge);
    const second = await opened.erase(huge);
    const removal = await opened.erasures.deleteAccount(huge, by);
    const other = await opened.erase('acc_1');
    await eventually(() => state(other.id), isDone);
    expect([state(second.id), state(removal.id)]).toEqual(['waiting', 'waiting']);
    expect(asked).not.toContain(`find of ${huge}`);
  });

  it('are not held up by an account that is being removed, which other removals wait for', async () => {
    const { store, state } = playErasureStore();
    await using opened = open(store);
    await opened.erasures.deleteAccount(huge, by);
    const next = await opened.erasures.deleteAccount('acc_1', by);
    const other = await opened.erase(null);
    await eventually(() => state(other.id), isDone);
    expect(state(next.id)).toBe('waiting');
  });

  it('share a pass over the files where they have come so far together', async () => {
    const { store, asked, state } = playErasureStore();
    await using opened = open(store);
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) ids.push((await opened.erase(`acc_${i}`)).id);
    await eventually(() => ids.every((id) => isDone(state(id))), Boolean);
    const pieces = asked.filter((name) => name === 'wipe').length;
    // A pass is two pieces: one for who comes first, and one that the others share, or two where they come apart.
    expect(pieces).toBeGreaterThanOrEqual(2);
    expect(pieces).toBeLessThanOrEqual(8);
  });
});
