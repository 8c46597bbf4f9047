import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountRole } from '../../core/roles.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { Access, KeptLink } from '../ports/access.ts';
import type { Member } from '../ports/people.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';
import { unique } from './samples.ts';

const hour = 60 * 60 * 1000;

type Parts = 'access' | 'directory' | 'people';

/** What every store does with what people come in by. */
export function accessConformance(name: string, open: OpenPlace<Parts>): void {
  describe(`${name}: access`, () => {
    let store: Pick<OpenStore, Parts | 'close'>;
    let access: Access;
    beforeAll(async () => {
      store = await open('access', createManualClock());
      access = store.access;
    });
    afterAll(() => store.close());

    async function account(): Promise<string> {
      const id = unique('acc');
      await store.directory.createAccount({ id, name: 'Acme', createdAt: 0 });
      return id;
    }
    const link = (expiresAt = Date.now() + hour): KeptLink => ({ identifier: unique('link'), expiresAt });
    const roleIn = (accountId: string | null, role: AccountRole = 'viewer') =>
      ({ id: unique('mem'), accountId, role: accountId === null ? 'operator' : role, createdAt: 0 }) as const;

    /** Somebody who was invited into an account of their own. */
    async function invited() {
      const person = { id: unique('per'), name: 'A', email: `${unique('a')}@example.com` };
      const first = link();
      const member: Member = { ...roleIn(await account()), personId: person.id };
      expect(await access.enrol(person, member, first)).toBe('added');
      return { person, member, link: first };
    }
    const use = (personId: string, { identifier }: KeptLink, confirms = true) =>
      access.setPassword({ identifier, personId, hash: unique('hash'), confirms });

    it('is given once to an address, and in accounts that are there', async () => {
      const { person } = await invited();
      const again = { ...person, id: unique('per') };
      expect(await access.enrol(again, roleIn(await account()), link())).toBe('known');
      const nobody = { ...again, email: `${unique('b')}@example.com` };
      expect(await access.enrol(nobody, roleIn('acc_none'), link())).toBe('no account');
      expect(await store.people.ofPerson(nobody.id)).toEqual([]);
    });

    it('is had by a link once, until it expires or another one takes its place', async () => {
      const { person, member, link: first } = await invited();
      const second = link();
      expect(await access.leaveLink(member, second, 'operator')).toBe(true);
      expect(await use(person.id, first)).toBe(false);
      expect(await use(unique('per'), second)).toBe(false);
      expect(await use(person.id, second)).toBe(true);
      expect(await use(person.id, second)).toBe(false);
      const over = link(Date.now() - 1);
      await access.leaveLink(member, over, 'operator');
      expect(await use(person.id, over)).toBe(false);
    });

    it('begins a new era whenever something is revoked', async () => {
      const { person, member, link: first } = await invited();
      const eras = [await access.era()];
      const noted = async () => eras.push(await access.era());
      await use(person.id, first, false);
      await noted();
      expect(
        await access.addAnew({ ...roleIn(await account()), personId: person.id }, link(), 'operator'),
      ).toBe('added');
      await noted();
      expect(await access.vouch(person.id)).toBe((eras.at(-1) ?? 0) + 1);
      await noted();
      expect(eras.map((era) => era - (eras[0] ?? 0))).toEqual([0, 1, 2, 3]);
      expect(await access.vouch(person.id)).toBeNull();
      expect(await access.leaveLink(member, link(), 'operator')).toBe(true);
      expect(await access.era()).toBe(eras.at(-1));
    });

    it('is kept by who is confirmed, in further accounts too', async () => {
      const { person, member, link: first } = await invited();
      const further = { ...roleIn(await account()), personId: person.id };
      expect(await access.addConfirmed(further)).toBe('not confirmed');
      expect(await use(person.id, first)).toBe(true);
      expect(await access.addAnew(further, link(), 'operator')).toBe('confirmed');
      const era = await access.era();
      expect(await access.addConfirmed(further)).toBe('added');
      expect(await access.addConfirmed({ ...further, id: unique('mem') })).toBe('taken');
      expect(await access.addConfirmed({ ...roleIn('acc_none'), personId: person.id })).toBe('no account');
      expect(await access.era()).toBe(era);
      expect(await store.people.get(member.id)).toMatchObject({ invited: false });
    });

    it('ends, where nobody has confirmed the address, with a further role', async () => {
      const { person, member, link: first } = await invited();
      await use(person.id, first, false);
      const owners = link();
      await access.leaveLink(member, owners, 'owner');
      const further = { ...roleIn(null), personId: person.id };
      expect(await access.addAnew({ ...further, accountId: member.accountId }, link(), 'operator')).toBe(
        'taken',
      );
      const operators = link();
      expect(await access.addAnew(further, operators, 'operator')).toBe('added');
      expect(await store.people.get(member.id)).toMatchObject({ invited: true });
      expect(await use(person.id, owners)).toBe(false);
      expect(await use(person.id, operators)).toBe(true);
    });

    it('is not in the hands of an owner, where somebody else gave a role too', async () => {
      const { person, member } = await invited();
      const further = { ...roleIn(await account()), personId: person.id };
      expect(await access.addAnew(further, link(), 'owner')).toBe('elsewhere');
      expect(await access.leaveLink(member, link(), 'owner')).toBe(true);
      expect(await access.addAnew(further, link(), 'operator')).toBe('added');
      expect(await access.leaveLink(member, link(), 'owner')).toBe(false);
      expect(await access.leaveLink({ ...member, id: 'mem_none' }, link(), 'operator')).toBe(false);
    });

    it('is not confirmed any more after an owner left a link', async () => {
      const { person, member, link: first } = await invited();
      await use(person.id, first);
      await access.leaveLink(member, link(), 'owner');
      const further = { ...roleIn(await account()), personId: person.id };
      expect(await access.addConfirmed(further)).toBe('not confirmed');
    });

    it('changes with the password that was compared, or not at all', async () => {
      const { person, link: first } = await invited();
      await access.setPassword({ ...first, personId: person.id, hash: 'one', confirms: true });
      const both = await Promise.all(
        ['two', 'three'].map((to) => access.changePassword(person.id, 'one', to)),
      );
      expect(both.filter(Boolean)).toEqual([true]);
      const [held, lost] = both[0] ? (['two', 'three'] as const) : (['three', 'two'] as const);
      expect(await access.changePassword(person.id, lost, 'four')).toBe(false);
      expect(await access.changePassword(person.id, held, 'four')).toBe(true);
    });

    it('is set up once', async () => {
      const fresh = await open('access-set-up', createManualClock());
      const operator = (n: number) => ({
        id: unique('per'),
        name: 'Olga',
        email: `op${n}@example.com`,
        hash: 'hash',
        memberId: unique('mem'),
        createdAt: 0,
      });
      const made = await Promise.all([1, 2].map((n) => fresh.access.setUp(operator(n))));
      expect(made.filter(Boolean)).toEqual([true]);
      const { data } = await fresh.people.list({ accountId: null }, { limit: 10, cursor: null });
      expect(data).toMatchObject([
        { role: 'operator', email: made[0] ? 'op1@example.com' : 'op2@example.com', invited: false },
      ]);
      await fresh.close();
    });
  });
}
