import { type Kysely, sql } from 'kysely';
import type { Compilable } from '../directory/apply-if.ts';
import type { Tables } from '../directory/tables.ts';

/**
 * Deletes everybody who has no role (any more), with their sessions and passwords (which the schema lets follow) and
 * the links that would have set one.
 */
export function forgetPeopleWithoutRole(db: Kysely<Tables>): readonly [Compilable, Compilable] {
  const members = db.selectFrom('members').select('person_id');
  const gone = db.selectFrom('auth_user').select('id').where('id', 'not in', members);
  return [
    db.deleteFrom('auth_verification').where('value', 'in', gone),
    db.deleteFrom('auth_user').where('id', 'not in', members),
  ];
}

/** Whether a person can sign in: has a password, or came by OIDC. */
export function canSignIn(personId: string) {
  return sql<boolean>`exists (select 1 from auth_account where "userId" = ${sql.ref(personId)})`;
}
