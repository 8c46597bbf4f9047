import { randomBytes } from 'node:crypto';
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { KeptLink } from '../../ports/access.ts';
import type { Member } from '../../ports/people.ts';
import type { Compilable } from '../sql-database.ts';
import type { Tables } from '../tables.ts';

export const yes = sql<boolean>`true`;
export const no = sql<boolean>`false`;

/** As the library keeps instants, which takes them from the machine's clock. */
export function now(): string {
  return new Date().toISOString();
}

/** Ends what a person comes in by, but what a provider vouches for, and begins a new era. */
export function revocation(db: Kysely<Tables>, personId: string): readonly Compilable[] {
  return [
    db.updateTable('access_era').set((eb) => ({ number: eb('number', '+', 1) })),
    endLinks(db, personId),
    db.deleteFrom('auth_account').where('userId', '=', personId).where('providerId', '=', 'credential'),
    db.deleteFrom('auth_session').where('userId', '=', personId),
    db
      .updateTable('auth_user')
      .set({ era: db.selectFrom('access_era').select('number'), updatedAt: now() })
      .where('id', '=', personId),
  ];
}

export function endLinks(db: Kysely<Tables>, personId: string): Compilable {
  return db.deleteFrom('auth_verification').where('value', '=', personId);
}

export function keepLink(
  db: Kysely<Tables>,
  personId: string,
  { identifier, expiresAt }: KeptLink,
): Compilable {
  const at = now();
  return db.insertInto('auth_verification').values({
    id: newId(),
    identifier,
    value: personId,
    expiresAt: new Date(expiresAt).toISOString(),
    createdAt: at,
    updatedAt: at,
  });
}

export function addPassword(db: Kysely<Tables>, personId: string, hash: string): Compilable {
  const at = now();
  return db.insertInto('auth_account').values({
    id: newId(),
    accountId: personId,
    providerId: 'credential',
    userId: personId,
    password: hash,
    createdAt: at,
    updatedAt: at,
  });
}

/** Gives back a row where the person had no role there. */
export function addRole(db: Kysely<Tables>, { id, personId, accountId, role, createdAt }: Member) {
  return db
    .insertInto('members')
    .values({ id, person_id: personId, account_id: accountId, role, created_at: createdAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id');
}

/** Holds while the account is there; operators (`null`) have none. */
export function accountIsThere(accountId: string | null) {
  if (accountId === null) return sql<SqlBool>`true`;
  return sql<SqlBool>`exists (select 1 from accounts where id = ${accountId} and deleted_at is null)`;
}

function newId(): string {
  return randomBytes(20).toString('base64url');
}
