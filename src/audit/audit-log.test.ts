import { describe, expect, it } from 'vitest';
import type { AuditStore, NewAuditEntry } from '../stores/ports/audit.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createAuditLog } from './audit-log.ts';

function entry(id: string): NewAuditEntry {
  return {
    at: 0,
    accountId: 'acc_1',
    actor: { kind: 'key', id: 'key_1', name: 'Secret Name' },
    action: 'webhook.created',
    target: { type: 'webhook', id, name: null },
    changes: [],
    ip: null,
  };
}

function stage(mostWaiting?: number) {
  const stored: (string | undefined)[] = [];
  const logged: string[] = [];
  const recounts: string[] = [];
  const clock = createManualClock();
  const asked: PromiseWithResolvers<void>[] = [];
  const state = { fails: false, holds: false };
  const store: AuditStore = {
    async add(entries) {
      if (state.holds) {
        const hold = Promise.withResolvers<void>();
        asked.push(hold);
        await hold.promise;
      }
      if (state.fails) throw new Error('disk');
      stored.push(...entries.map(({ target }) => target?.id));
      return entries.map(({ target }) => target?.id ?? '');
    },
    recount: async (id, times) => void recounts.push(`${id} ${times}`),
    list: async () => ({ data: [], nextCursor: null }),
  };
  const log = createAuditLog({
    store,
    clock,
    log: { error: (details, message) => void logged.push(`${message} ${JSON.stringify(details)}`) },
    ...(mostWaiting !== undefined && { mostWaiting }),
  });
  return { stored, logged, asked, state, log, recounts, clock };
}

describe('the writing of the audit log', () => {
  it('keeps the order of the calls, also where one takes longer to describe', async () => {
    const { stored, log } = stage();
    const slow = Promise.withResolvers<NewAuditEntry>();
    log.write(slow.promise);
    log.write(entry('2'));
    log.write(Promise.resolve(null));
    log.write(Promise.resolve(entry('3')));
    slow.resolve(entry('1'));
    await log.close();
    expect(stored).toEqual(['1', '2', '3']);
  });

  it('stores everything before it closes, what came meanwhile included', async () => {
    const { stored, state, asked, log } = stage();
    state.holds = true;
    log.write(entry('1'));
    await expect.poll(() => asked.length).toBe(1);
    const closed = log.close();
    log.write(entry('2'));
    state.holds = false;
    asked[0]?.resolve();
    await closed;
    expect(stored).toEqual(['1', '2']);
  });

  describe('of what anybody can cause', () => {
    const minute = 60_000;
    const many = { key: 'many', entry: entry('many') };
    const key = (narrow: string, wide = many) => ({ narrow, wide: async () => wide });
    const list = { limit: 1, cursor: null };

    it('is one entry for a key and a quarter of an hour, with a count', async () => {
      const { stored, recounts, clock, log } = stage();
      for (let n = 0; n < 500; n++) log.count(entry(n < 300 ? 'a' : 'b'), key(n < 300 ? 'a' : 'b'));
      await log.list({ accountId: null }, list);
      expect(stored).toEqual(['a', 'b']);
      expect(recounts).toEqual(['a 300', 'b 200']);
      await log.list({ accountId: null }, list);
      log.count(entry('a'), key('a'));
      await log.close();
      expect(recounts).toEqual(['a 300', 'b 200', 'a 301']);
      clock.advance(15 * minute);
      log.count(entry('again'), key('a'));
      await log.close();
      expect(stored).toEqual(['a', 'b', 'again']);
    });

    it('has its count written before long', async () => {
      const { recounts, clock, log } = stage();
      for (let n = 0; n < 3; n++) log.count(entry('a'), key('a'));
      clock.advance(10_000);
      await expect.poll(() => recounts).toEqual(['a 3']);
      log.count(entry('a'), key('a'));
      clock.advance(10_000);
      await expect.poll(() => recounts).toEqual(['a 3', 'a 4']);
    });

    it('is one entry of all others where there are too many keys, but for keys that matter', async () => {
      const { stored, recounts, log } = stage();
      for (let n = 0; n < 5_000; n++) log.count(entry(`n${n}`), key(`n${n}`));
      const mine = { key: 'ada', entry: entry('ada') };
      for (let n = 0; n < 7; n++) log.count(entry(`m${n}`), key(`m${n}`, mine));
      await log.close();
      expect(stored.length).toBe(102);
      expect(stored.slice(-2)).toEqual(['many', 'ada']);
      expect(recounts).toEqual(['many 4900', 'ada 7']);
    });
  });

  it('shows a list with everything that was written before', async () => {
    const { stored, log } = stage();
    log.write(entry('1'));
    await log.list({ accountId: null }, { limit: 1, cursor: null });
    expect(stored).toEqual(['1']);
  });

  it('tells the log of what it could not store or describe, by ids alone, and goes on', async () => {
    const { stored, logged, state, log } = stage();
    state.fails = true;
    log.write(entry('1'));
    await log.close();
    state.fails = false;
    log.write(Promise.reject(new Error('gone')));
    log.write(entry('2'));
    await log.close();
    expect(stored).toEqual(['2']);
    expect(logged).toHaveLength(2);
    expect(logged[0]).toContain('"actor":"key key_1"');
    expect(logged.join()).not.toContain('Secret Name');
  });

  it('holds a bounded number', async () => {
    const { stored, logged, state, asked, log } = stage(2);
    state.holds = true;
    for (const id of ['1', '2', '3', '4', '5', '6']) log.write(entry(id));
    state.holds = false;
    for (const hold of asked) hold.resolve();
    await log.close();
    expect(stored.length).toBeLessThan(6);
    expect(logged.length).toBe(6 - stored.length);
  });
});
