import { Kysely, type RawBuilder, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayMs, type OwnKeep } from '../../core/keeping.ts';
import { testWebhook } from '../../testing/factories.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { NewAuditEntry } from '../ports/audit.ts';
import { type ForgetPlace, type ForgetTimes, type Forgettable, invitationDays } from '../ports/forgetting.ts';
import type { Task } from '../ports/tasks.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';
import { unique } from './samples.ts';

/** Of the machine, since the tables of the library that signs people in have its times. */
const now = Date.now();
const all = { limit: 500, cursor: null };
const days = (count: number): number => now - count * dayMs;
const usual: ForgetTimes = { now, keep: { payloadDays: 30, logDays: 400 }, auditDays: 400 };

type Parts =
  | 'forgetting'
  | 'directory'
  | 'audit'
  | 'tasks'
  | 'access'
  | 'people'
  | 'portalLinks'
  | 'portalDatabase';

/** What every store takes away when it is old. */
export function forgettingConformance(name: string, open: OpenPlace<Parts>): void {
  describe(`${name}: what is old`, () => {
    let store: Pick<OpenStore, Parts | 'close'>;
    beforeEach(async () => {
      store = await open(unique('forgetting'), createManualClock());
    });
    afterEach(() => store.close());

    /** One walk over everything. */
    async function forget(times: Partial<ForgetTimes> = {}) {
      const gone: Partial<Record<Forgettable, number>> = {};
      let steps = 0;
      let place: ForgetPlace = null;
      do {
        const step = await store.forgetting.step(place, { ...usual, ...times });
        if (step.gone > 0) gone[step.what] = (gone[step.what] ?? 0) + step.gone;
        place = step.next;
        steps++;
      } while (place !== null);
      return { gone, steps };
    }

    async function account(keep: Partial<OwnKeep> = {}): Promise<string> {
      const id = unique('acc');
      await store.directory.createAccount({
        ...{ id, name: id, createdAt: 0 },
        keep: { payloadDays: null, logDays: null, ...keep },
      });
      return id;
    }

    async function webhook(accountId: string, at: number): Promise<string> {
      const made = testWebhook({ id: unique('wh'), accountId, createdAt: at, updatedAt: at });
      await store.directory.createWebhook(made, { secret: 'whsec_first', expiresAt: null });
      return made.id;
    }

    const auth = () => new Kysely<Record<string, never>>({ dialect: store.portalDatabase.dialect });
    const run = (statement: RawBuilder<unknown>) => statement.execute(auth());
    const iso = (at: number): string => new Date(at).toISOString();

    it('is nothing in a store that is new', async () => {
      await account();
      expect((await forget()).gone).toEqual({});
    });

    describe('entries of the audit log', () => {
      const entry = (at: number): NewAuditEntry => ({
        ...{ at, accountId: null, action: 'account.created', target: null, changes: [], ip: null },
        actor: { kind: 'person', id: 'per_1', name: 'Ada' },
      });
      const ages = async (): Promise<number[]> =>
        (await store.audit.list({ accountId: null }, all)).data.map(({ at }) =>
          Math.round((now - at) / dayMs),
        );

      it('go after their time, in pieces, and stay for ever with 0', async () => {
        await store.audit.add(Array.from({ length: 450 }, (_, i) => entry(days(1_000) + i)));
        await store.audit.add([entry(days(400) - 1), entry(days(399)), entry(days(1))]);
        expect((await forget({ auditDays: 0 })).gone).toEqual({});
        expect((await forget()).gone).toEqual({ 'audit entries': 451 });
        expect(await ages()).toEqual([1, 399]);
        expect((await forget({ auditDays: 30 })).gone).toEqual({ 'audit entries': 1 });
        expect(await ages()).toEqual([1]);
      });
    });

    describe('tasks', () => {
      async function task(accountId: string, finishedAt: number | null): Promise<string> {
        const made: Task = {
          ...{ id: unique('task'), accountId, kind: 'replay', filter: { mobileNumber: '919812345678' } },
          ...{ states: ['failed'], state: finishedAt === null ? 'running' : 'done', reason: null },
          ...{ total: 1, done: 1, failed: 0, skipped: 0, createdAt: days(900), finishedAt, progress: null },
        };
        await store.tasks.create(made);
        return made.id;
      }
      const isThere = async (id: string): Promise<boolean> => (await store.tasks.get(id)) !== null;

      it('go with the payload of their account once they have ended, since their filters name numbers', async () => {
        const usualAccount = await account();
        const short = await account({ payloadDays: 2 });
        const forEver = await account({ payloadDays: 0, logDays: 0 });
        const shortLog = await account({ payloadDays: 0, logDays: 5 });
        const gone = await Promise.all([
          task(usualAccount, days(31)),
          task(short, days(3)),
          task(shortLog, days(6)),
        ]);
        const stay = await Promise.all([
          task(usualAccount, days(29)),
          task(usualAccount, null),
          task(short, days(1)),
          task(forEver, days(800)),
          task(shortLog, days(4)),
        ]);
        expect((await forget()).gone).toEqual({ tasks: 3 });
        expect(await Promise.all(gone.map(isThere))).toEqual([false, false, false]);
        expect(await Promise.all(stay.map(isThere))).toEqual(stay.map(() => true));
      });
    });

    describe('webhooks', () => {
      const change = (id: string, at: number) =>
        store.directory.replaceWebhook(id, testWebhook({ url: `https://example.com/${at}` }), at);

      it('lose the versions that were replaced before everything in the log, never the one that holds', async () => {
        const id = await webhook(await account(), days(900));
        for (const at of [days(700), days(399), days(398)]) await change(id, at);
        expect((await forget()).gone).toEqual({ 'webhook versions': 1 });
        const versions = await Promise.all([1, 2, 3, 4].map((v) => store.directory.getWebhookVersion(id, v)));
        expect(versions.map((found) => found !== null)).toEqual([false, true, true, true]);
        expect(await forget({ now: now + 4_000 * dayMs })).toMatchObject({ gone: { 'webhook versions': 2 } });
        expect(await store.directory.getWebhookVersion(id, 4)).not.toBeNull();
        expect(await store.directory.getWebhook(id)).toMatchObject({ version: 4 });
      });

      it('lose secrets that signed nothing that can be shown any more, never the one that signs', async () => {
        const id = await webhook(await account(), days(900));
        await store.directory.rotateSecret(id, 'whsec_second', days(40), days(31));
        await store.directory.rotateSecret(id, 'whsec_third', days(31) + 1, days(29));
        expect((await forget()).gone).toEqual({ 'signing secrets': 1 });
        const history = async () => (await store.directory.getSecretHistory(id)).map(({ secret }) => secret);
        expect(await history()).toEqual(['whsec_third', 'whsec_second']);
        await forget({ now: now + 4_000 * dayMs });
        expect(await history()).toEqual(['whsec_third']);
      });

      it('that were deleted go when nothing in the log can name them, with all that was theirs', async () => {
        const accountId = await account();
        const forEver = await account({ logDays: 0 });
        const [old, young, kept] = [
          await webhook(accountId, days(900)),
          await webhook(accountId, days(900)),
          await webhook(forEver, days(900)),
        ];
        await change(old, days(800));
        await store.directory.saveBreakers({
          opened: [{ webhookId: old, until: now, trips: 1 }],
          closed: [],
        });
        await store.directory.deleteWebhook(old, days(401));
        await store.directory.deleteWebhook(young, days(399));
        await store.directory.deleteWebhook(kept, days(700));
        await store.directory.wipeDeletedSecrets(now);
        const { gone } = await forget();
        expect(gone).toMatchObject({ 'webhook versions': 2, webhooks: 1, breakers: 1 });
        const isThere = async (id: string) => (await store.directory.getDeletedWebhook(id)) !== null;
        expect(await Promise.all([old, young, kept].map(isThere))).toEqual([false, true, true]);
        const again = testWebhook({ id: old, accountId, createdAt: now, updatedAt: now });
        expect(await store.directory.createWebhook(again, { secret: 'whsec_new', expiresAt: null })).toBe(
          true,
        );
      });

      it('are walked in pieces, and what is between stays', async () => {
        const accountId = await account();
        const ids: string[] = [];
        for (let i = 0; i < 250; i++) ids.push(await webhook(accountId, days(900)));
        for (const id of ids.slice(0, 30)) await change(id, days(500));
        for (const id of ids.slice(-30)) await change(id, days(500));
        const { gone, steps } = await forget();
        expect(gone).toEqual({ 'webhook versions': 60 });
        expect(steps).toBeGreaterThan(11);
        expect((await forget()).gone).toEqual({});
      });
    });

    describe('people', () => {
      const invite = async (accountId: string, createdAt: number, expiresAt: number): Promise<string> => {
        const person = { id: unique('per'), name: 'Ada', email: `${unique('ada')}@example.com` };
        const member = { id: unique('mem'), accountId, role: 'viewer' as const, createdAt };
        const link = { identifier: unique('link'), expiresAt };
        expect(await store.access.enrol(person, member, link)).toBe('added');
        return member.id;
      };
      const isThere = async (id: string): Promise<boolean> => (await store.people.get(id)) !== null;

      it('whom nobody ever saw lose an invitation that is old, unless a link of theirs is good', async () => {
        const accountId = await account();
        const forgotten = await invite(accountId, days(invitationDays + 1), days(invitationDays - 2));
        const reminded = await invite(accountId, days(invitationDays + 1), now + dayMs);
        const young = await invite(accountId, days(invitationDays - 1), days(invitationDays - 4));
        const seen = await invite(accountId, days(invitationDays + 1), days(invitationDays - 2));
        await store.people.seen(seen, days(200));
        const comesIn = await invite(accountId, days(invitationDays + 1), now + dayMs);
        const personId = (await store.people.get(comesIn))?.personId ?? '';
        await run(sql`insert into auth_account ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
          values (${unique('way')}, ${personId}, 'credential', ${personId}, ${iso(now)}, ${iso(now)})`);
        // The person is as new as the library's own clock says.
        await run(sql`update auth_user set "createdAt" = ${iso(days(91))}`);

        const { gone } = await forget();
        expect(gone).toEqual({ invitations: 1, people: 1, links: 3 });
        expect(await isThere(forgotten)).toBe(false);
        for (const id of [reminded, young, seen, comesIn]) expect(await isThere(id)).toBe(true);
      });

      it('without a role are forgotten after a day, with what they came in by', async () => {
        const person = (id: string, at: number) =>
          run(sql`insert into auth_user ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "confirmed")
            values (${id}, 'Ada', ${`${id}@example.com`}, true, ${iso(at)}, ${iso(at)}, true)`);
        const session = (id: string, personId: string, expiresAt: number) =>
          run(sql`insert into auth_session ("id", "expiresAt", "token", "createdAt", "updatedAt", "userId")
            values (${id}, ${iso(expiresAt)}, ${id}, ${iso(now)}, ${iso(now)}, ${personId})`);
        await person('old', days(2));
        await person('new', now);
        await session('good', 'new', now + dayMs);
        await session('over', 'new', now - 1_000);
        await session('with-the-person', 'old', now + dayMs);
        expect((await forget()).gone).toEqual({ people: 1, sessions: 1 });
        const { rows } = await sql<{ id: string }>`select id from auth_session`.execute(auth());
        expect(rows).toEqual([{ id: 'good' }]);
      });

      it('can use a portal link once, and it is noted for as long as it could be used', async () => {
        await store.portalLinks.use('good', now + 1, now - 9);
        await store.portalLinks.use('over', now - 1, now - 9);
        expect((await forget()).gone).toEqual({ 'used portal links': 1 });
        expect(await store.portalLinks.use('good', now + 1, now)).toBe(false);
      });
    });
  });
}
