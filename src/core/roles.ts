import type { Scope } from './scopes.ts';

/** What a person is: `operator` of the platform, the others of one account. */
export const roles = ['operator', 'owner', 'developer', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** The roles that a person can have in an account. */
export const accountRoles = ['owner', 'developer', 'viewer'] as const;
export type AccountRole = (typeof accountRoles)[number];

/** What a role may do in an account; an operator may do everything in each. */
export const roleScopes: { readonly [R in Role]: readonly Scope[] } = {
  operator: ['admin'],
  owner: ['admin'],
  developer: ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:replay'],
  viewer: ['webhooks:read', 'deliveries:read'],
};

/** Whether phone numbers are shown to a role with their last digits only. */
export function masksNumbers(role: Role): boolean {
  return role === 'viewer';
}
