import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { Task } from '../ports/tasks.ts';
import { key, sender, webhook } from './directory/samples.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';
import { unique } from './samples.ts';

const all = { limit: 100, cursor: null };
const secret = { secret: 'whsec_first', expiresAt: null };

/** Texts that a database may not be able to keep: a NUL character, and half a surrogate pair. */
const odd = ['a\u0000b', '\u0000', 'a\ud83d', '\udc00b'] as const;

type Parts = 'directory' | 'audit' | 'tasks' | 'people' | 'access' | 'portalLinks';

/** A store keeps whatever a JSON text can say; where it cannot keep a character, another stands in its place. */
export function oddTextsConformance(name: string, open: OpenPlace<Parts>): void {
  describe(`${name}: odd texts`, () => {
    let store: Pick<OpenStore, Parts | 'close'>;
    beforeAll(async () => {
      store = await open('odd texts', createManualClock());
      await store.directory.createAccount({ id: 'acc_1', name: 'Acme', createdAt: 0 });
    });
    afterAll(() => store.close());

    /** As a reader sees them: what cannot be kept is U+FFFD. */
    const seen = (text: string): string => text.replaceAll('\u0000', '\ufffd').toWellFormed();

    it.each(odd)('are names and labels: %j', async (text) => {
      const { directory } = store;
      const id = unique('odd');
      await directory.createAccount({ id, name: text, createdAt: 0 });
      await directory.createKey(key({ id, accountId: id, name: text }), id);
      await directory.createSender(sender({ id, accountId: id, label: text, productUniqueId: text }));
      expect(seen((await directory.getAccount(id))?.name ?? '')).toBe(seen(text));
      expect(seen((await directory.listKeys(id, all)).data[0]?.name ?? '')).toBe(seen(text));
      expect(seen((await directory.getSender(id))?.label ?? '')).toBe(seen(text));
      expect(await directory.changeAccount(id, { name: `${text}!` })).not.toBeNull();
    });

    it.each(odd)('are kept in a webhook as they are, and found: %j', async (text) => {
      const id = unique('wh');
      const made = webhook({ id, description: text, customParameters: [{ name: 'a', value: text }] });
      await store.directory.createWebhook(made, secret);
      expect(await store.directory.getWebhook(id)).toEqual(made);
      const { data } = await store.directory.listWebhooks({ accountId: 'acc_1', q: text }, all);
      expect(data.map((found) => found.id)).toContain(id);
      await store.directory.setWebhookStatus(id, 'disabled', text, 1);
      expect(seen((await store.directory.getWebhook(id))?.disabledReason ?? '')).toBe(seen(text));
    });

    it.each(odd)('are in the audit log, and are looked for there: %j', async (text) => {
      const accountId = unique('acc');
      await store.audit.add([
        {
          ...{ at: 1, accountId, actor: { kind: 'nobody', id: text, name: text }, action: 'webhook.updated' },
          target: { type: 'webhook', id: text, name: text },
          changes: [{ field: text, from: text, to: null }],
          ip: null,
        },
      ]);
      for (const filter of [{ actor: text }, { target: text }]) {
        const { data } = await store.audit.list({ accountId, ...filter }, all);
        expect(data[0]?.changes).toEqual([{ field: text, from: text, to: null }]);
      }
    });

    it.each(odd)('are what tasks look for: %j', async (text) => {
      const task: Task = {
        ...{ id: unique('task'), accountId: 'acc_1', kind: 'replay', filter: { messageId: text } },
        ...{ states: ['failed'], state: 'failed', reason: null, total: 1, done: 0, failed: 0, skipped: 1 },
        ...{ createdAt: 0, finishedAt: null, progress: null },
      };
      await store.tasks.create(task);
      expect(await store.tasks.get(task.id)).toEqual(task);
    });

    it.each(odd)('are people’s names and addresses: %j', async (text) => {
      const person = { id: unique('per'), name: text, email: `${unique('a')}${text}@example.com` };
      const member = { id: unique('mem'), accountId: 'acc_1', role: 'viewer', createdAt: 0 } as const;
      const link = { identifier: unique('link'), expiresAt: Date.now() + 1_000_000 };
      expect(await store.access.enrol(person, member, link)).toBe('added');
      expect(seen((await store.people.get(member.id))?.name ?? '')).toBe(seen(text));
      expect(
        await store.access.setPassword({
          ...link,
          identifier: text,
          personId: text,
          hash: 'h',
          confirms: true,
        }),
      ).toBe(false);
    });

    it.each(odd)('are ids of nothing: %j', async (text) => {
      const { directory } = store;
      expect(await directory.getAccount(text)).toBeNull();
      expect(await directory.getWebhook(text)).toBeNull();
      expect(await directory.getSender(text)).toBeNull();
      expect(await directory.deleteKey('acc_1', text)).toBe(false);
      expect((await directory.findKeys([text])).keys.size).toBe(0);
      expect(await directory.keptAnswers.find('acc_1', text, 0)).toBeNull();
      expect(await store.tasks.get(text)).toBeNull();
      expect(await store.people.get(text)).toBeNull();
      await expect(
        directory.createKey(key({ id: unique('key'), accountId: text }), unique('h')),
      ).rejects.toMatchObject({ code: 'not_found' });
      const cursor = Buffer.from(JSON.stringify([1, text])).toString('base64url');
      expect((await directory.listAccounts({ limit: 100, cursor })).data).toEqual(expect.any(Array));
    });

    it.each(odd)('are keys of kept answers, and portal links: %j', async (text) => {
      const answer = {
        scope: 'acc_1',
        key: text,
        fingerprint: 'f',
        status: 201,
        location: text,
        body: text,
        at: 10,
      };
      await store.directory.keptAnswers.keep(answer);
      expect(seen((await store.directory.keptAnswers.find('acc_1', text, 0))?.body ?? '')).toBe(seen(text));
      expect(await store.portalLinks.use(text, 100, 1)).toBe(true);
      expect(await store.portalLinks.use(text, 100, 1)).toBe(false);
    });
  });
}
