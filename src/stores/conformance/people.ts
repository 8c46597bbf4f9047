import { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../core/roles.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { Access } from '../ports/access.ts';
import type { Member, People } from '../ports/people.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';
import { unique } from './samples.ts';

const at = Date.UTC(2026, 10, 22, 10);
const instant = new Date(at).toISOString();
const all = { limit: 100, cursor: null };

interface AuthTables {
  auth_user: {
    id: string;
    name: string;
    email: string;
    emailVerified: number;
    createdAt: string;
    updatedAt: string;
    confirmed: number;
  };
  auth_account: {
    id: string;
    accountId: string;
    providerId: string;
    userId: string;
    createdAt: string;
    updatedAt: string;
  };
  auth_session: {
    id: string;
    expiresAt: string;
    token: string;
    createdAt: string;
    updatedAt: string;
    userId: string;
  };
}

type Parts = 'people' | 'access' | 'directory' | 'portalDatabase';

/** What every store does with the roles of people. */
export function peopleConformance(name: string, open: OpenPlace<Parts>): void {
  describe(`${name}: people`, () => {
    let store: Pick<OpenStore, Parts | 'close'>;
    let people: People;
    let access: Access;
    let auth: Kysely<AuthTables>;
    beforeAll(async () => {
      store = await open('people', createManualClock());
      people = store.people;
      access = store.access;
      auth = new Kysely<AuthTables>({ dialect: store.portalDatabase.dialect });
    });
    afterAll(() => store.close());

    async function account(named = 'Acme'): Promise<string> {
      const id = unique('acc');
      await store.directory.createAccount({ id, name: named, createdAt: 0 });
      return id;
    }

    /** Somebody as the library keeps them. */
    async function person({ signsIn = true, called = 'Asha' } = {}): Promise<string> {
      const id = unique('per');
      const times = { createdAt: instant, updatedAt: instant };
      await auth
        .insertInto('auth_user')
        .values({ id, name: called, email: `${id}@example.com`, emailVerified: 1, confirmed: 1, ...times })
        .execute();
      if (!signsIn) return id;
      await auth
        .insertInto('auth_account')
        .values({ id: unique('way'), accountId: id, providerId: 'credential', userId: id, ...times })
        .execute();
      await auth
        .insertInto('auth_session')
        .values({ id: unique('ses'), token: unique('tok'), expiresAt: instant, userId: id, ...times })
        .execute();
      return id;
    }

    async function member(
      role: Role,
      accountId: string | null,
      parts: { personId?: string; signsIn?: boolean; createdAt?: number } = {},
    ): Promise<Member> {
      const { personId = await person(parts), createdAt = at } = parts;
      const made: Member = { id: unique('mem'), personId, accountId, role, createdAt };
      expect(await access.addConfirmed(made)).toBe('added');
      return made;
    }

    async function isKnown(personId: string): Promise<boolean> {
      const found = await auth.selectFrom('auth_user').select('id').where('id', '=', personId).execute();
      const left = await auth
        .selectFrom('auth_session')
        .select('id')
        .where('userId', '=', personId)
        .execute();
      if (found.length === 0) expect(left).toEqual([]);
      return found.length > 0;
    }

    it('are given back as they were added, with what the person is called', async () => {
      const accountId = await account();
      const personId = await person({ called: 'Asha Rao' });
      const made = await member('developer', accountId, { personId });
      expect(await people.get(made.id)).toEqual({
        ...made,
        name: 'Asha Rao',
        email: `${personId}@example.com`,
        lastSeenAt: null,
        invited: false,
      });
      await people.seen(made.id, at + 5);
      expect(await people.get(made.id)).toMatchObject({ lastSeenAt: at + 5 });
      expect(await people.get('mem_none')).toBeNull();
    });

    it('are invited until they can sign in', async () => {
      const made = await member('viewer', await account(), { signsIn: false });
      expect(await people.get(made.id)).toMatchObject({ invited: true });
    });

    it('have one role in an account, and one as an operator', async () => {
      const accountId = await account();
      const { personId } = await member('viewer', accountId);
      const again = { id: unique('mem'), personId, createdAt: at };
      expect(await access.addConfirmed({ ...again, accountId, role: 'owner' })).toBe('taken');
      expect(await access.addConfirmed({ ...again, accountId: null, role: 'operator' })).toBe('added');
      expect(
        await access.addConfirmed({ ...again, id: unique('mem'), accountId: null, role: 'operator' }),
      ).toBe('taken');
    });

    it('have no role in an account that is not there (any more)', async () => {
      const personId = await person();
      const made = { id: unique('mem'), personId, role: 'owner', createdAt: at } as const;
      expect(await access.addConfirmed({ ...made, accountId: 'acc_none' })).toBe('no account');
      const gone = await account();
      await store.directory.deleteAccount(gone);
      expect(await access.addConfirmed({ ...made, accountId: gone })).toBe('no account');
    });

    it('are listed newest first, page by page, by account and role', async () => {
      const accountId = await account();
      const first = await member('owner', accountId, { createdAt: at + 1 });
      const second = await member('viewer', accountId, { createdAt: at + 2 });
      const third = await member('viewer', accountId, { createdAt: at + 3 });
      const page = await people.list({ accountId }, { limit: 2, cursor: null });
      expect(page.data.map(({ id }) => id)).toEqual([third.id, second.id]);
      const next = await people.list({ accountId }, { limit: 2, cursor: page.nextCursor });
      expect(next).toMatchObject({ data: [{ id: first.id }], nextCursor: null });
      const owners = await people.list({ accountId, role: 'owner' }, all);
      expect(owners.data.map(({ id }) => id)).toEqual([first.id]);
      const everybody = await people.list({ accountId: null }, { limit: 500, cursor: null });
      expect(everybody.data.length).toBeGreaterThan(3);
    });

    it('see their own roles, as an operator first, then by the names of the accounts', async () => {
      const zeta = await account('Zeta');
      const alpha = await account('Alpha');
      const { personId } = await member('owner', zeta);
      await member('viewer', alpha, { personId });
      await member('operator', null, { personId });
      expect(await people.ofPerson(personId)).toMatchObject([
        { role: 'operator', accountId: null, accountName: null },
        { role: 'viewer', accountId: alpha, accountName: 'Alpha', lastSeenAt: null },
        { role: 'owner', accountId: zeta, accountName: 'Zeta' },
      ]);
    });

    it('are forgotten with their last role', async () => {
      const one = await account();
      const both = await member('viewer', one);
      const other = await member('viewer', await account(), { personId: both.personId });
      expect(await people.remove(both.id)).toBe('done');
      expect(await isKnown(both.personId)).toBe(true);
      expect(await people.remove(other.id)).toBe('done');
      expect(await isKnown(both.personId)).toBe(false);
      expect(await people.remove(other.id)).toBe('none');
    });

    it('lose their roles in an account that is deleted', async () => {
      const accountId = await account();
      const only = await member('owner', accountId);
      const both = await member('viewer', accountId);
      await member('viewer', await account(), { personId: both.personId });
      await store.directory.deleteAccount(accountId);
      expect(await people.get(only.id)).toBeNull();
      expect(await isKnown(only.personId)).toBe(false);
      expect(await people.ofPerson(both.personId)).toHaveLength(1);
    });

    it('keep an owner who can sign in', async () => {
      const accountId = await account();
      const owner = await member('owner', accountId);
      expect(await people.remove(owner.id)).toBe('last');
      expect(await people.changeRole(owner.id, 'viewer')).toBe('last');
      expect(await people.changeRole(owner.id, 'owner')).toBe('done');

      const invited = await member('owner', accountId, { signsIn: false });
      expect(await people.remove(owner.id)).toBe('last');
      expect(await people.remove(invited.id)).toBe('done');

      await member('owner', accountId);
      expect(await people.changeRole(owner.id, 'viewer')).toBe('done');
      expect(await people.get(owner.id)).toMatchObject({ role: 'viewer' });
      expect(await people.changeRole('mem_none', 'viewer')).toBe('none');
    });

    it('keep an owner, whatever happens at the same time', async () => {
      const accountId = await account();
      const owners = [await member('owner', accountId), await member('owner', accountId)];
      const outcomes = await Promise.all(owners.map(({ id }) => people.remove(id)));
      expect(outcomes.sort()).toEqual(['done', 'last']);
    });

    it('keep an owner of each account apart from those of others', async () => {
      const owner = await member('owner', await account());
      await member('owner', await account());
      expect(await people.remove(owner.id)).toBe('last');
    });

    it('know whether there is an operator', async () => {
      const fresh = await open('no-people', createManualClock());
      expect(await fresh.people.hasOperator()).toBe(false);
      await fresh.close();
      await member('operator', null);
      expect(await people.hasOperator()).toBe(true);
    });
  });
}
