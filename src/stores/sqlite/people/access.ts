import { randomBytes } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';
import type { Access, KeptLink } from '../../ports/access.ts';
import type { Member } from '../../ports/people.ts';
import type { Desk } from '../desk/desk.ts';
import type { Statement } from '../thread/statements.ts';

/** What people come in by in SQLite: in the tables of better-auth, by transactions, which it does without. */
export function createSqliteAccess(desk: Desk): Access {
  async function finds({ sql, parameters }: Statement): Promise<boolean> {
    return (await desk.query(sql, parameters)).rows.length > 0;
  }

  const isAccount = (accountId: string | null) =>
    accountId === null ||
    finds(statement('select 1 from accounts where id = ? and deleted_at is null', accountId));
  const isConfirmed = (personId: string) =>
    finds(statement('select 1 from auth_user where id = ? and "confirmed" = 1', personId));
  const hasRole = ({ personId, accountId }: Member) =>
    finds(statement('select 1 from members where person_id = ? and account_id is ?', personId, accountId));

  return {
    async era() {
      const { rows } = await desk.query('select number from access_era', []);
      return Number(rows[0]?.number);
    },

    async enrol({ id, name, email }, role, link) {
      const person = statement(
        `insert into auth_user
           ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "confirmed")
         select ?2, ?3, ?4, 0, ?5, ?5, 0 where ${accountIsThere} on conflict do nothing`,
        ...[role.accountId, id, name, email, now()],
      );
      const added = await desk.applyIf(person, [addRole({ ...role, personId: id }), keepLink(id, link)]);
      if (added) return 'added';
      return (await isAccount(role.accountId)) ? 'known' : 'no account';
    },

    async addConfirmed(member) {
      const { personId, accountId } = member;
      const may = statement(
        `select 1 from auth_user where id = ?2 and "confirmed" = 1 and ${accountIsThere}`,
        ...[accountId, personId],
      );
      const [added] = (await desk.applyIf(may, [addRole(member)])) ?? [];
      if (added) return added.changes > 0 ? 'added' : 'taken';
      return (await isAccount(accountId)) ? 'not confirmed' : 'no account';
    },

    async addAnew(member, link, by) {
      const { id, personId, accountId, role, createdAt } = member;
      const mayOwner = by === 'owner' ? 'and not exists (select 1 from members where person_id = ?3)' : '';
      const add = statement(
        `insert into members (id, person_id, account_id, role, created_at)
         select ?2, ?3, ?1, ?4, ?5
         where exists (select 1 from auth_user where id = ?3 and "confirmed" = 0) ${mayOwner}
           and ${accountIsThere}
         on conflict do nothing`,
        ...[accountId, id, personId, role, createdAt],
      );
      const added = await desk.applyIf(add, [...revocation(personId), keepLink(personId, link)]);
      if (added) return 'added';
      if (!(await isAccount(accountId))) return 'no account';
      if (await isConfirmed(personId)) return 'confirmed';
      return (await hasRole(member)) ? 'taken' : 'elsewhere';
    },

    async leaveLink({ id, personId, accountId }, link, by) {
      const may =
        by === 'operator'
          ? statement('select 1 from members where id = ? and person_id = ?', id, personId)
          : statement(
              `update auth_user set "confirmed" = 0
               where id = ?2 and exists (select 1 from members where id = ?1)
                 and not exists (select 1 from members where person_id = ?2 and account_id is not ?3)`,
              ...[id, personId, accountId],
            );
      return (await desk.applyIf(may, [endLinks(personId), keepLink(personId, link)])) !== null;
    },

    async setPassword({ identifier, personId, hash, confirms, name }) {
      const use = statement(
        'delete from auth_verification where "identifier" = ? and "value" = ? and "expiresAt" > ?',
        ...[identifier, personId, now()],
      );
      const person = statement(
        `update auth_user set "name" = coalesce(?, "name"), "confirmed" = max("confirmed", ?),
           "emailVerified" = max("emailVerified", ?) where id = ?`,
        ...[name ?? null, Number(confirms), Number(confirms), personId],
      );
      const changes = [...revocation(personId), addPassword(personId, hash), person];
      return (await desk.applyIf(use, changes)) !== null;
    },

    async changePassword(personId, from, to) {
      const held = statement(
        `select 1 from auth_account where "userId" = ? and "providerId" = 'credential' and "password" = ?`,
        ...[personId, from],
      );
      const changes = [...revocation(personId), addPassword(personId, to)];
      return (await desk.applyIf(held, changes)) !== null;
    },

    async vouch(personId) {
      const confirm = statement(
        'update auth_user set "confirmed" = 1 where id = ? and "confirmed" = 0',
        personId,
      );
      const era = statement('select number from access_era');
      const done = await desk.applyIf(confirm, [...revocation(personId), era]);
      return done ? Number(done.at(-1)?.rows[0]?.number) : null;
    },

    async setUp({ id, name, email, hash, memberId, createdAt }) {
      const isFirst = statement(`select 1 where not exists (select 1 from members where role = 'operator')`);
      const make = statement(
        `insert into auth_user
           ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "confirmed")
         values (?, ?, ?, 1, ?, ?, 1)
         on conflict ("email") do update set "name" = excluded."name", "emailVerified" = 1, "confirmed" = 1`,
        ...[id, name, email, now(), now()],
      );
      const { rows } = await desk.query('select id from auth_user where "email" = ?', [email]);
      const personId = String(rows[0]?.id ?? id);
      const role = { id: memberId, personId, accountId: null, role: 'operator', createdAt } as const;
      const changes = [make, ...revocation(personId), addPassword(personId, hash), addRole(role)];
      return (await desk.applyIf(isFirst, changes)) !== null;
    },
  };
}

/** Of the account that is the first parameter; operators have none. */
const accountIsThere = '(?1 is null or exists (select 1 from accounts where id = ?1 and deleted_at is null))';

function statement(sql: string, ...parameters: readonly SQLInputValue[]): Statement {
  return { sql, parameters };
}

/** better-auth keeps instants as text, and takes them from the machine's clock. */
function now(): string {
  return new Date().toISOString();
}

/** Ends what a person comes in by, but what a provider vouches for, and begins a new era. */
function revocation(personId: string): readonly Statement[] {
  return [
    statement('update access_era set number = number + 1'),
    endLinks(personId),
    statement(`delete from auth_account where "userId" = ? and "providerId" = 'credential'`, personId),
    statement('delete from auth_session where "userId" = ?', personId),
    statement(
      'update auth_user set "era" = (select number from access_era), "updatedAt" = ? where id = ?',
      ...[now(), personId],
    ),
  ];
}

function endLinks(personId: string): Statement {
  return statement('delete from auth_verification where "value" = ?', personId);
}

function keepLink(personId: string, { identifier, expiresAt }: KeptLink): Statement {
  return statement(
    `insert into auth_verification ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
     values (?, ?, ?, ?, ?, ?)`,
    ...[newId(), identifier, personId, new Date(expiresAt).toISOString(), now(), now()],
  );
}

function addPassword(personId: string, hash: string): Statement {
  return statement(
    `insert into auth_account ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
     values (?, ?, 'credential', ?, ?, ?, ?)`,
    ...[newId(), personId, personId, hash, now(), now()],
  );
}

function addRole({ id, personId, accountId, role, createdAt }: Member): Statement {
  return statement(
    `insert into members (id, person_id, account_id, role, created_at) values (?, ?, ?, ?, ?)
     on conflict do nothing`,
    ...[id, personId, accountId, role, createdAt],
  );
}

function newId(): string {
  return randomBytes(20).toString('base64url');
}
