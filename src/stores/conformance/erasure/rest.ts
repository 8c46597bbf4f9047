import { describe, expect, it } from 'vitest';
import type { AuditAction, NewAuditEntry } from '../../ports/audit.ts';
import type { KeptAnswer } from '../../ports/kept-answers.ts';
import type { Task } from '../../ports/tasks.ts';
import type { OpenStore } from '../open-store.ts';
import { unique } from '../samples.ts';
import { erase, erasure, uniqueNumber } from './samples.ts';

const at = Date.UTC(2026, 10, 22, 10);
const bullets = '•••';

/** What is no event and names somebody who is erased. */
export function describeRest(open: () => OpenStore): void {
  async function account(): Promise<string> {
    const id = unique('acc');
    await open().directory.createAccount({ id, name: id, createdAt: 0 });
    return id;
  }

  async function replay(accountId: string, filter: Task['filter']): Promise<string> {
    const task: Task = {
      ...{ id: unique('task'), accountId, kind: 'replay', filter, states: ['failed'], state: 'done' },
      ...{ reason: null, total: 1, done: 1, failed: 0, skipped: 0, createdAt: at, finishedAt: at },
      progress: null,
    };
    await open().tasks.create(task);
    return task.id;
  }
  const filterOf = async (id: string) => (await open().tasks.get(id))?.filter;

  async function audited(accountId: string, parts: Partial<NewAuditEntry>): Promise<void> {
    await open().audit.add([
      {
        ...{ at, accountId, action: 'webhook.updated', target: null, changes: [], ip: '203.0.113.7' },
        actor: { kind: 'person', id: 'per_1', name: 'Ada' },
        ...parts,
      },
    ]);
  }
  const audit = async (accountId: string) =>
    (await open().audit.list({ accountId }, { limit: 100, cursor: null })).data;

  async function answered(scope: string, parts: Partial<KeptAnswer>): Promise<string> {
    const key = parts.key ?? unique('key');
    const usual = { fingerprint: 'f', status: 201, location: '/v1/webhooks/wh_1', body: '{}' };
    await open().directory.keptAnswers.keep({ ...usual, scope, at, ...parts, key });
    return key;
  }
  const kept = (scope: string, key: string) => open().directory.keptAnswers.find(scope, key, 0);

  describe('a replay that was asked for with the number or ids of somebody who is erased', () => {
    it('shows bullets for these, and so does the audit log', async () => {
      const [accountId, mobileNumber] = [await account(), uniqueNumber()];
      const theirs = await replay(accountId, {
        mobileNumber: `+${mobileNumber}`,
        webhookId: 'wh_1',
        from: 5,
      });
      const byId = await replay(accountId, { messageId: `m-${mobileNumber}`, transactionId: 't' });
      const others = await replay(accountId, { mobileNumber: uniqueNumber() });
      const action: AuditAction = 'task.created';
      const target = { type: 'task', id: theirs, name: 'replay' };
      const changes = [
        { field: 'mobileNumber', from: null, to: `••••${mobileNumber.slice(-4)}` },
        { field: 'webhookId', from: null, to: 'wh_1' },
      ];
      await audited(accountId, { action, target, changes });
      const untouched = await filterOf(others);
      expect(await erase(open(), erasure({ mobileNumber }))).toMatchObject({ tasks: 2, auditEntries: 1 });
      expect(await filterOf(theirs)).toEqual({ mobileNumber: bullets, webhookId: 'wh_1', from: 5 });
      expect(await filterOf(byId)).toEqual({ messageId: bullets, transactionId: bullets });
      expect(await filterOf(others)).toEqual(untouched);
      expect(await audit(accountId)).toMatchObject([
        { action, target, changes: [{ field: 'mobileNumber', to: bullets }, changes[1]] },
      ]);
    });

    it('of another account stays where one account’s are erased', async () => {
      const [mine, theirs, mobileNumber] = [await account(), await account(), uniqueNumber()];
      const [own, foreign] = [await replay(mine, { mobileNumber }), await replay(theirs, { mobileNumber })];
      await audited(theirs, { target: { type: 'webhook', id: 'wh_1', name: mobileNumber } });
      const key = await answered(theirs, { body: JSON.stringify({ mobileNumber }) });
      const counts = await erase(open(), erasure({ mobileNumber }, { accountId: mine }));
      expect(counts).toEqual({ tasks: 1 });
      expect(await filterOf(own)).toEqual({ mobileNumber: bullets });
      expect(await filterOf(foreign)).toEqual({ mobileNumber });
      expect((await audit(theirs))[0]?.target?.name).toBe(mobileNumber);
      expect((await kept(theirs, key))?.body).toContain(mobileNumber);
    });
  });

  describe('the audit log', () => {
    it('has bullets where they were named, and all else as it was written', async () => {
      const [accountId, mobileNumber] = [await account(), uniqueNumber()];
      await audited(accountId, {
        actor: { kind: 'nobody', id: '', name: `+${mobileNumber}` },
        target: { type: 'webhook', id: `wh-${mobileNumber}`, name: `for ${mobileNumber}` },
        changes: [
          { field: 'description', from: null, to: `calls ${mobileNumber}` },
          { field: 'numbers', from: [1, 12.5], to: { deep: [{ of: mobileNumber }] } },
        ],
      });
      await audited(accountId, { changes: [{ field: 'description', from: 'a', to: 'b' }] });
      const [untouched, before] = await audit(accountId);
      expect(await erase(open(), erasure({ mobileNumber }))).toEqual({ auditEntries: 1 });
      const hidden = '•'.repeat(12);
      expect(await audit(accountId)).toEqual([
        untouched,
        {
          ...before,
          actor: { kind: 'nobody', id: '', name: `+${hidden}` },
          target: { type: 'webhook', id: `wh-${hidden}`, name: `for ${hidden}` },
          changes: [
            { field: 'description', from: null, to: `calls ${hidden}` },
            { field: 'numbers', from: [1, 12.5], to: { deep: [{ of: hidden }] } },
          ],
        },
      ]);
    });

    it('is gone through to its end, however long it is', async () => {
      const [accountId, mobileNumber] = [await account(), uniqueNumber()];
      for (let i = 0; i < 230; i++)
        await audited(accountId, {
          target: { type: 'webhook', id: 'wh_1', name: i % 2 ? mobileNumber : 'x' },
        });
      expect(await erase(open(), erasure({ mobileNumber }))).toEqual({ auditEntries: 115 });
    });
  });

  describe('an answer that is kept for a repeated call', () => {
    it('goes where its key or place names them, and loses what it said where that does', async () => {
      const [accountId, mobileNumber] = [await account(), uniqueNumber()];
      const byKey = await answered(accountId, { key: `for-${mobileNumber}` });
      const byPlace = await answered(accountId, { location: `/v1/webhooks/${mobileNumber}` });
      const body = await answered(accountId, { body: JSON.stringify({ description: mobileNumber }) });
      const others = await answered(accountId, { body: '{"description":"x"}' });
      expect(await erase(open(), erasure({ mobileNumber }))).toEqual({ keptAnswers: 3 });
      expect(await kept(accountId, byKey)).toBeNull();
      expect(await kept(accountId, byPlace)).toBeNull();
      // By a hash of what was asked one could try all numbers.
      expect(await kept(accountId, body)).toMatchObject({ status: 201, body: null, fingerprint: '' });
      expect(await kept(accountId, others)).toMatchObject({ body: '{"description":"x"}', fingerprint: 'f' });
    });

    it('to the call that asked for the erasure, or for a replay of theirs, has no hash of it any more', async () => {
      const [accountId, mobileNumber] = [await account(), uniqueNumber()];
      const of = erasure({ mobileNumber }, { accountId });
      const task = await replay(accountId, { mobileNumber });
      const asked = await answered(accountId, { location: `/v1/tasks/${of.id}` });
      const replayed = await answered(accountId, { location: `/v1/tasks/${task}` });
      expect(await erase(open(), of)).toMatchObject({ keptAnswers: 2 });
      for (const key of [asked, replayed]) expect((await kept(accountId, key))?.fingerprint).toBe('');
    });
  });
}
