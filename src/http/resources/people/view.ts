import type { HandedLink } from '../../../people/manage-people.ts';
import type { MemberEntry } from '../../../stores/ports/people.ts';
import { formatInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { handedLink, person } from './schema.ts';

export function personView(member: MemberEntry): ViewOf<typeof person> {
  const { id, personId, name, email, role, accountId, createdAt, lastSeenAt, invited } = member;
  return {
    id,
    personId,
    name,
    email,
    role,
    accountId,
    createdAt: formatInstant(createdAt),
    lastSeenAt: lastSeenAt === null ? null : formatInstant(lastSeenAt),
    invited,
  };
}

export function handedLinkView({ link, expiresAt }: HandedLink): ViewOf<typeof handedLink> {
  return { link, expiresAt: formatInstant(expiresAt) };
}
