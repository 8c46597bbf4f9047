import { useParams } from '@tanstack/react-router';
import { type Role, roleIn, useSession } from './session.ts';

/** What the pages ask before they offer something. The gateway checks it again. */
export type Act =
  | 'webhooks:write'
  | 'deliveries:replay'
  /** Keys, people, the audit log. */
  | 'admin'
  /** Make keys, invite people: not for every guest by a portal link. */
  | 'grant'
  /** Accounts, the gateway's health. */
  | 'operate';

const acts: { readonly [R in Role]: readonly Act[] } = {
  operator: ['webhooks:write', 'deliveries:replay', 'admin', 'grant', 'operate'],
  owner: ['webhooks:write', 'deliveries:replay', 'admin', 'grant'],
  developer: ['webhooks:write', 'deliveries:replay'],
  viewer: [],
};

export function mayAct(role: Role | null, act: Act): boolean {
  return role !== null && acts[role].includes(act);
}

/** Whether whoever is signed in may do this in the account that the page is about. */
export function useMay(act: Act): boolean {
  const session = useSession();
  const { accountId } = useParams({ strict: false });
  const role = accountId === undefined ? (session?.memberships[0]?.role ?? null) : roleIn(session, accountId);
  return mayAct(role, act) && (act !== 'grant' || session?.grantsAccess === true);
}
