import { describe, expect, it } from 'vitest';
import type { AuditStore, NewAuditEntry } from '../stores/ports/audit.ts';
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
    },
    list: async () => ({ data: [], nextCursor: null }),
  };
  const log = createAuditLog({
    store,
    log: { error: (details, message) => void logged.push(`${message} ${JSON.stringify(details)}`) },
    ...(mostWaiting !== undefined && { mostWaiting }),
  });
  return { stored, logged, asked, state, log };
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
