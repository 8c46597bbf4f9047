import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Role } from '../../../core/roles.ts';
import type { MemberChange, MemberEntry, People } from '../../ports/people.ts';
import { afterCursor, rowsFor, toPage } from '../pages.ts';
import type { Compilable, SqlDatabase } from '../sql-database.ts';
import { canSignIn, forgetWithoutRole } from './forget.ts';

/** Roles, beside the tables of better-auth. */
export function createSqlPeople({ db, applyIf, listRows }: SqlDatabase): People {
  function entries() {
    return db
      .selectFrom('members')
      .innerJoin('auth_user', 'auth_user.id', 'members.person_id')
      .selectAll('members')
      .select(['auth_user.name', 'auth_user.email', canSignIn('members.person_id').as('can_sign_in')]);
  }

  /** Changes a member where `change` allows it; who is there and was not changed is the last. */
  async function changeUnlessLast(
    id: string,
    change: (accountId: string | null) => Compilable,
    then: (personId: string) => readonly Compilable[] = () => [],
  ): Promise<MemberChange> {
    const member = await db
      .selectFrom('members')
      .select(['person_id', 'account_id'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!member) return 'none';
    return (await applyIf(change(member.account_id), then(member.person_id))) ? 'done' : 'last';
  }

  return {
    async list({ accountId, role }, page) {
      let query = entries().where(afterCursor('members', page));
      if (accountId !== null) query = query.where('members.account_id', '=', accountId);
      if (role !== undefined) query = query.where('members.role', '=', role);
      const newest = query
        .orderBy('members.created_at', 'desc')
        .orderBy('members.id', 'desc')
        .limit(rowsFor(page));
      return toPage(await listRows(accountId, newest), page, toEntry);
    },

    async get(id) {
      const row = await entries().where('members.id', '=', id).executeTakeFirst();
      return row ? toEntry(row) : null;
    },

    async ofPerson(personId) {
      const rows = await db
        .selectFrom('members')
        .leftJoin('accounts', 'accounts.id', 'members.account_id')
        .selectAll('members')
        .select('accounts.name as account_name')
        .where('members.person_id', '=', personId)
        .orderBy(sql`members.account_id is not null`)
        .orderBy('accounts.name')
        .orderBy('members.id')
        .execute();
      return rows.map(({ id, role, account_id, account_name, last_seen_at }) => ({
        id,
        role,
        accountId: account_id,
        accountName: account_name,
        lastSeenAt: last_seen_at,
      }));
    },

    async hasOperator() {
      const row = await db
        .selectFrom('members')
        .select('id')
        .where('role', '=', 'operator')
        .executeTakeFirst();
      return row !== undefined;
    },

    changeRole(id, role) {
      return changeUnlessLast(id, (accountId) =>
        db
          .updateTable('members')
          .set({ role })
          .where('id', '=', id)
          .where((eb) => eb.or([eb('role', '=', role), notTheLast(accountId)])),
      );
    },

    remove(id) {
      return changeUnlessLast(
        id,
        (accountId) => db.deleteFrom('members').where('id', '=', id).where(notTheLast(accountId)),
        (personId) => forgetWithoutRole(db, personId),
      );
    },

    async seen(id, at) {
      await db.updateTable('members').set({ last_seen_at: at }).where('id', '=', id).execute();
    },
  };
}

/**
 * Holds for developers and viewers, and for operators and owners of whom there is another one in the same place. The
 * other one must be able to sign in, unless nobody loses that: who is only invited can always give way to another.
 */
function notTheLast(accountId: string | null): RawBuilder<SqlBool> {
  const inSamePlace =
    accountId === null ? sql`others.account_id is null` : sql`others.account_id = ${accountId}`;
  return sql<SqlBool>`(
    members.role not in ('operator', 'owner')
    or exists (
      select 1 from members as others
      where others.role = members.role and ${inSamePlace} and others.id <> members.id
        and (${canSignIn('others.person_id')} or not ${canSignIn('members.person_id')})
    )
  )`;
}

interface Row {
  readonly id: string;
  readonly person_id: string;
  readonly account_id: string | null;
  readonly role: Role;
  readonly created_at: number;
  readonly last_seen_at: number | null;
  readonly name: string;
  readonly email: string;
  readonly can_sign_in: unknown;
}

function toEntry(row: Row): MemberEntry {
  return {
    id: row.id,
    personId: row.person_id,
    accountId: row.account_id,
    role: row.role,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    name: row.name,
    email: row.email,
    invited: !row.can_sign_in,
  };
}
