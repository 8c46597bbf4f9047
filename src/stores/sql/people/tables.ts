import type { Generated } from 'kysely';
import type { Role } from '../../../core/roles.ts';

/**
 * The tables `auth_…` are those of the library that signs people in; only what is used of them here. Instants are ISO texts
 * here and in SQLite, which PostgreSQL takes for its own. Truth is 1 and 0 in SQLite: it is written as `true` and `false`,
 * which both know, and never as a parameter.
 */
export interface PeopleTables {
  members: {
    id: string;
    person_id: string;
    account_id: string | null;
    role: Role;
    created_at: number;
    last_seen_at: Generated<number | null>;
  };
  /** One row. */
  access_era: { number: number };
  auth_user: {
    id: string;
    name: string;
    email: string;
    emailVerified: boolean;
    createdAt: string;
    updatedAt: string;
    confirmed: boolean;
    era: Generated<number>;
  };
  auth_account: {
    id: string;
    accountId: string;
    providerId: string;
    userId: string;
    password: string | null;
    createdAt: string;
    updatedAt: string;
  };
  auth_session: { id: string; userId: string; expiresAt: string };
  auth_verification: {
    id: string;
    identifier: string;
    value: string;
    expiresAt: string;
    createdAt: string;
    updatedAt: string;
  };
}
