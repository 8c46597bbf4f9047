import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { AuditEntry, AuditFilter, AuditStore, NewAuditEntry } from '../ports/audit.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';
import { unique } from './samples.ts';

const at = Date.UTC(2026, 10, 22, 10);

function entry(accountId: string | null, parts: Partial<NewAuditEntry> = {}): NewAuditEntry {
  return {
    at,
    accountId,
    actor: { kind: 'person', id: 'per_1', name: 'Ada Lovelace' },
    action: 'webhook.updated',
    target: { type: 'webhook', id: 'wh_1', name: 'https://example.com/dlr' },
    changes: [],
    ip: '203.0.113.7',
    ...parts,
  };
}

type Parts = 'audit';

/** What every store does with the audit log. */
export function auditConformance(name: string, open: OpenPlace<Parts>): void {
  describe(`${name}: audit log`, () => {
    let store: Pick<OpenStore, Parts | 'close'>;
    let audit: AuditStore;
    beforeAll(async () => {
      store = await open('audit', createManualClock());
      audit = store.audit;
    });
    afterAll(() => store.close());

    async function all(filter: AuditFilter, of: AuditStore = audit): Promise<AuditEntry[]> {
      const found: AuditEntry[] = [];
      let cursor: string | null = null;
      do {
        const page: { data: readonly AuditEntry[]; nextCursor: string | null } = await of.list(filter, {
          limit: 2,
          cursor,
        });
        found.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return found;
    }

    it('counts what an entry stands for, and changes nothing else of it', async () => {
      const accountId = unique('acc');
      const ids = await audit.add([entry(accountId), entry(accountId, { action: 'session.signInFailed' })]);
      const [newest, first] = await all({ accountId });
      expect([first?.id, newest?.id]).toEqual(ids);
      await audit.recount(ids[1] ?? '', 12);
      const changes = [{ field: 'times', from: null, to: 12 }];
      expect(await all({ accountId })).toEqual([{ ...newest, changes }, first]);
    });

    it('gives back entries as they were written, each with an id', async () => {
      const accountId = unique('acc');
      const written = [
        entry(accountId, {
          changes: [
            { field: 'url', from: 'https://a.example/🙂', to: null },
            { field: 'settings.statuses', from: ['delivered'], to: { a: [1, true, 'x"y'] } },
          ],
        }),
        entry(accountId, { at: at + 1, target: null, ip: null }),
        entry(accountId, { at: at + 2, target: { type: 'delivery', id: 'dlv_1', name: null } }),
      ];
      await audit.add(written);
      const found = await all({ accountId });
      expect(found.map(({ id: _id, ...rest }) => rest)).toEqual(written.toReversed());
      expect(new Set(found.map(({ id }) => id)).size).toBe(3);
      for (const { id } of found) expect(id).toMatch(/^aud_/);
    });

    it('keeps the order of writing, even of one millisecond and where the clock goes back', async () => {
      const accountId = unique('acc');
      const names = ['a', 'b', 'c', 'd', 'e'];
      const times = [at, at, at, at - 60_000, at];
      const entries = names.map((id, i) =>
        entry(accountId, { at: times[i] ?? at, target: { type: 'webhook', id, name: null } }),
      );
      await audit.add(entries.slice(0, 2));
      for (const each of entries.slice(2)) await audit.add([each]);
      expect((await all({ accountId })).map(({ target }) => target?.id)).toEqual(names.toReversed());
    });

    it('gives each of many at once an id of its own', async () => {
      const accountId = unique('acc');
      const added = await Promise.all(
        Array.from({ length: 30 }, () => audit.add([entry(accountId), entry(accountId)])),
      );
      expect(new Set(added.flat()).size).toBe(60);
      expect(new Set((await all({ accountId })).map(({ id }) => id))).toEqual(new Set(added.flat()));
    });

    it('shows an account its own entries alone, and an operator all', async () => {
      const [one, other] = [unique('acc'), unique('acc')];
      const actor = { kind: 'operatorKey', id: unique('key'), name: 'first' } as const;
      await audit.add([entry(one, { actor }), entry(other, { actor }), entry(null, { actor })]);
      expect((await all({ accountId: one, actor: actor.id })).map((each) => each.accountId)).toEqual([one]);
      expect((await all({ accountId: null, actor: actor.id })).map((each) => each.accountId)).toEqual([
        null,
        other,
        one,
      ]);
    });

    it('finds by actor (id, or name in any case), action, target and time', async () => {
      const accountId = unique('acc');
      const grace = { kind: 'person', id: 'per_2', name: 'Grace Hopper' } as const;
      await audit.add([
        entry(accountId),
        entry(accountId, { at: at + 1_000, actor: grace, action: 'webhook.deleted' }),
        entry(accountId, { at: at + 2_000, target: { type: 'webhook', id: 'wh_2', name: null } }),
      ]);
      const times = async (filter: Omit<AuditFilter, 'accountId'>): Promise<number[]> =>
        (await all({ accountId, ...filter })).map((each) => each.at - at);
      expect(await times({ actor: 'per_2' })).toEqual([1_000]);
      expect(await times({ actor: 'grace hopper' })).toEqual([1_000]);
      expect(await times({ actor: 'Grace' })).toEqual([]);
      expect(await times({ action: 'webhook.updated' })).toEqual([2_000, 0]);
      expect(await times({ target: 'wh_2' })).toEqual([2_000]);
      expect(await times({ from: at + 1_000 })).toEqual([2_000, 1_000]);
      expect(await times({ to: at + 1_000 })).toEqual([0]);
      expect(await times({ from: at, to: at + 2_000, target: 'wh_1' })).toEqual([1_000, 0]);
      const furthest = 8_640_000_000_000_000;
      expect(await times({ from: -furthest, to: furthest })).toEqual([2_000, 1_000, 0]);
      expect(await times({ from: furthest })).toEqual([]);
    });

    it('refuses a cursor that no list gave', async () => {
      await expect(audit.list({ accountId: null }, { limit: 1, cursor: 'x' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    });

    it('writes nothing where there is nothing', async () => {
      await audit.add([]);
      expect(await all({ accountId: unique('acc') })).toEqual([]);
    });

    it('holds them when it is opened again', async () => {
      const first = await open('audit again', createManualClock());
      await first.audit.add([entry('acc_1')]);
      await first.close();
      const second = await open('audit again', createManualClock());
      await second.audit.add([entry('acc_1', { action: 'webhook.deleted' })]);
      expect((await all({ accountId: 'acc_1' }, second.audit)).map(({ action }) => action)).toEqual([
        'webhook.deleted',
        'webhook.updated',
      ]);
      await second.close();
    });
  });
}
