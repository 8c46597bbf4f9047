import { type SqlBool, sql } from 'kysely';
import type { Access } from '../../ports/access.ts';
import type { Member } from '../../ports/people.ts';
import type { SqlDatabase } from '../sql-database.ts';
import {
  accountIsThere,
  addPassword,
  addRole,
  endLinks,
  keepLink,
  no,
  now,
  revocation,
  yes,
} from './ways-in.ts';

/** What people come in by: in the tables of better-auth, by transactions, which it does without. */
export function createSqlAccess({ db, applyIf }: SqlDatabase): Access {
  const isTrue = async (condition: ReturnType<typeof accountIsThere>): Promise<boolean> =>
    (await db.selectNoFrom(sql`1`.as('one')).where(condition).executeTakeFirst()) !== undefined;

  async function isConfirmed(personId: string): Promise<boolean> {
    const person = db.selectFrom('auth_user').select('id').where('id', '=', personId);
    return (await person.where('confirmed', '=', yes).executeTakeFirst()) !== undefined;
  }

  async function hasRole({ personId, accountId }: Member): Promise<boolean> {
    const roles = db.selectFrom('members').select('id').where('person_id', '=', personId);
    const role = roles.where('account_id', 'is not distinct from', accountId);
    return (await role.executeTakeFirst()) !== undefined;
  }

  return {
    async era() {
      return (await db.selectFrom('access_era').select('number').executeTakeFirstOrThrow()).number;
    },

    async enrol({ id, name, email }, role, link) {
      const at = now();
      const person = db
        .insertInto('auth_user')
        .columns(['id', 'name', 'email', 'emailVerified', 'createdAt', 'updatedAt', 'confirmed'])
        .expression(
          db
            .selectNoFrom(({ val }) => [
              val(id).as('id'),
              val(name).as('name'),
              val(email).as('email'),
              no.as('emailVerified'),
              val(at).as('createdAt'),
              val(at).as('updatedAt'),
              no.as('confirmed'),
            ])
            .where(accountIsThere(role.accountId)),
        )
        .onConflict((conflict) => conflict.doNothing());
      const added = await applyIf(person, [addRole(db, { ...role, personId: id }), keepLink(db, id, link)]);
      if (added) return 'added';
      return (await isTrue(accountIsThere(role.accountId))) ? 'known' : 'no account';
    },

    async addConfirmed(member) {
      const { personId, accountId } = member;
      const may = db
        .selectFrom('auth_user')
        .select('id')
        .where('id', '=', personId)
        .where('confirmed', '=', yes)
        .where(accountIsThere(accountId));
      const added = await applyIf(may, [addRole(db, member)]);
      if (added) return added[0].length > 0 ? 'added' : 'taken';
      return (await isTrue(accountIsThere(accountId))) ? 'not confirmed' : 'no account';
    },

    async addAnew(member, link, by) {
      const { id, personId, accountId, role, createdAt } = member;
      const mayOwner = sql<SqlBool>`not exists (select 1 from members where person_id = ${personId})`;
      const add = db
        .insertInto('members')
        .columns(['id', 'person_id', 'account_id', 'role', 'created_at'])
        .expression(
          db
            .selectFrom('auth_user')
            .select(({ val }) => [
              val(id).as('member_id'),
              'auth_user.id',
              val(accountId).as('account_id'),
              val(role).as('role'),
              val(createdAt).as('created_at'),
            ])
            .where('auth_user.id', '=', personId)
            .where('confirmed', '=', no)
            .where(by === 'owner' ? mayOwner : yes)
            .where(accountIsThere(accountId)),
        )
        .onConflict((conflict) => conflict.doNothing());
      const added = await applyIf(add, [...revocation(db, personId), keepLink(db, personId, link)]);
      if (added) return 'added';
      if (!(await isTrue(accountIsThere(accountId)))) return 'no account';
      if (await isConfirmed(personId)) return 'confirmed';
      return (await hasRole(member)) ? 'taken' : 'elsewhere';
    },

    async leaveLink({ id, personId, accountId }, link, by) {
      const member = db.selectFrom('members').select('id').where('id', '=', id);
      const elsewhere = db
        .selectFrom('members')
        .select('id')
        .where('person_id', '=', personId)
        .where('account_id', 'is distinct from', accountId);
      const may =
        by === 'operator'
          ? member.where('person_id', '=', personId)
          : db
              .updateTable('auth_user')
              .set({ confirmed: no })
              .where('id', '=', personId)
              .where(({ exists, not }) => exists(member).and(not(exists(elsewhere))));
      return (await applyIf(may, [endLinks(db, personId), keepLink(db, personId, link)])) !== null;
    },

    async setPassword({ identifier, personId, hash, confirms, name }) {
      const use = db
        .deleteFrom('auth_verification')
        .where('identifier', '=', identifier)
        .where('value', '=', personId)
        .where('expiresAt', '>', now());
      const person = db
        .updateTable('auth_user')
        .set({
          updatedAt: now(),
          ...((name ?? null) !== null && { name }),
          ...(confirms && { confirmed: yes, emailVerified: yes }),
        })
        .where('id', '=', personId);
      const changes = [...revocation(db, personId), addPassword(db, personId, hash), person];
      return (await applyIf(use, changes)) !== null;
    },

    async changePassword(personId, from, to) {
      const held = db
        .selectFrom('auth_account')
        .select('id')
        .where('userId', '=', personId)
        .where('providerId', '=', 'credential')
        .where('password', '=', from);
      const changes = [...revocation(db, personId), addPassword(db, personId, to)];
      return (await applyIf(held, changes)) !== null;
    },

    async vouch(personId) {
      const confirm = db
        .updateTable('auth_user')
        .set({ confirmed: yes })
        .where('id', '=', personId)
        .where('confirmed', '=', no);
      const era = db.selectFrom('access_era').select('number');
      const done = await applyIf(confirm, [era, ...revocation(db, personId)]);
      // The revocation begins the next one.
      return done ? Number(done[0][0]?.number) + 1 : null;
    },

    async setUp({ id, name, email, hash, memberId, createdAt }) {
      const operator = db.selectFrom('members').select('id').where('role', '=', 'operator');
      const isFirst = db.selectNoFrom(sql`1`.as('one')).where(({ exists, not }) => not(exists(operator)));
      const at = now();
      const make = db
        .insertInto('auth_user')
        .values({
          ...{ id, name, email, createdAt: at, updatedAt: at },
          ...{ emailVerified: yes, confirmed: yes },
        })
        .onConflict((conflict) =>
          conflict
            .column('email')
            .doUpdateSet(({ ref }) => ({ name: ref('excluded.name'), emailVerified: yes, confirmed: yes })),
        );
      const known = await db
        .selectFrom('auth_user')
        .select('id')
        .where('email', '=', email)
        .executeTakeFirst();
      const personId = known?.id ?? id;
      const role = { id: memberId, personId, accountId: null, role: 'operator', createdAt } as const;
      const changes = [make, ...revocation(db, personId), addPassword(db, personId, hash), addRole(db, role)];
      return (await applyIf(isFirst, changes)) !== null;
    },
  };
}
