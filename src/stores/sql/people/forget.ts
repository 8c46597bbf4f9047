import { type Kysely, sql } from 'kysely';
import type { Compilable } from '../sql-database.ts';
import type { Tables } from '../tables.ts';

/**
 * Forgets a person who has no role (any more): with them go their sessions and passwords, which the schema lets follow,
 * and the links that would have set one. Nobody else is touched: somebody new has no role yet for a moment.
 */
export function forgetWithoutRole(db: Kysely<Tables>, personId: string): readonly Compilable[] {
  const roles = db.selectFrom('members').select('id').where('person_id', '=', personId);
  return [
    db
      .deleteFrom('auth_verification')
      .where('value', '=', personId)
      .where((eb) => eb.not(eb.exists(roles))),
    db
      .deleteFrom('auth_user')
      .where('id', '=', personId)
      .where((eb) => eb.not(eb.exists(roles))),
  ];
}

/** Ends all roles in an account, and forgets those who have no other. */
export function endRolesIn(db: Kysely<Tables>, accountId: string): readonly Compilable[] {
  const elsewhere = db
    .selectFrom('members')
    .select('person_id')
    .where('account_id', 'is distinct from', accountId);
  const only = db
    .selectFrom('members')
    .select('person_id')
    .where('account_id', '=', accountId)
    .where('person_id', 'not in', elsewhere);
  return [
    db.deleteFrom('auth_verification').where('value', 'in', only),
    db.deleteFrom('auth_user').where('id', 'in', only),
    db.deleteFrom('members').where('account_id', '=', accountId),
  ];
}

/** Whether a person can sign in: has a password, or came by OIDC. */
export function canSignIn(personId: string) {
  return sql<boolean>`exists (select 1 from auth_account where "userId" = ${sql.ref(personId)})`;
}
