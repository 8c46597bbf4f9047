import type { Role } from '../../../core/roles.ts';

/** The columns of `migrations/006-people.ts`, as far as roles are concerned. */
export interface PeopleTables {
  members: {
    id: string;
    person_id: string;
    account_id: string | null;
    role: Role;
    created_at: number;
    last_seen_at: number | null;
  };
  auth_user: { id: string; name: string; email: string };
  auth_account: { id: string; userId: string };
  auth_verification: { id: string; value: string };
}
