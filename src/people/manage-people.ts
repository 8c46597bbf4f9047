import type { AuthContext } from 'better-auth';
import type { Clock } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import { randomId } from '../core/ids.ts';
import type { AccountRole, Role } from '../core/roles.ts';
import type { Access, LinkIssuer } from '../stores/ports/access.ts';
import type { Member, MemberEntry, People } from '../stores/ports/people.ts';
import { isConfirmed } from './access.ts';
import type { NewLink, PasswordLinks } from './password-links.ts';

/** Somebody to be given a role: as an operator, or in an account. */
export type Invitation = { readonly email: string; readonly name: string } & (
  | { readonly role: 'operator'; readonly accountId: null }
  | { readonly role: AccountRole; readonly accountId: string }
);

/** A link to be handed to a person. */
export interface HandedLink {
  readonly link: string;
  readonly expiresAt: number;
}

export interface MemberDetails {
  readonly role?: AccountRole | undefined;
  readonly name?: string | undefined;
}

export interface Invited {
  readonly member: MemberEntry;
  /** `null`: the person signs in as before. */
  readonly link: HandedLink | null;
}

/**
 * Who may come in, and with which role.
 *
 * No e-mail is sent, so nobody proves an address by receiving one. Instead a person is *confirmed* once a link that an
 * operator handed on was used, or an OIDC provider vouched for the address. An account's owner is trusted with people of
 * that account alone. Otherwise an owner could invite somebody's address, set the password, and wait until another account
 * invites the same address; so a person who is not confirmed comes into a further account by an operator only, and then
 * begins anew with an operator's link.
 */
export interface ManagePeople extends Pick<People, 'list' | 'get'> {
  /** @throws HookwireError `conflict` when the person has a role there, or an operator is needed; `not_found` */
  invite(invitation: Invitation, by: LinkIssuer): Promise<Invited>;
  /**
   * All of the change, or nothing.
   * @throws HookwireError `conflict` for the role of the last operator or owner, and for the name where an owner asks and
   * the person is known elsewhere too; `not_found`
   */
  change(member: MemberEntry, change: MemberDetails, by: LinkIssuer): Promise<void>;
  /** @throws HookwireError `conflict` for the last operator or owner, `not_found` */
  remove(member: MemberEntry): Promise<void>;
  /** A link by which the person sets a new password. @throws HookwireError as for a name */
  issueLink(member: MemberEntry, by: LinkIssuer): Promise<HandedLink>;
}

interface Parts {
  readonly people: People;
  readonly access: Access;
  readonly links: PasswordLinks;
  readonly clock: Pick<Clock, 'now'>;
  readonly context: () => Promise<Pick<AuthContext, 'internalAdapter'>>;
  readonly publicUrl: () => string;
}

/** How often what was found of a person may have changed before it could be used. */
const mostTries = 5;

export function createManagePeople({
  people,
  access,
  links,
  clock,
  context,
  publicUrl,
}: Parts): ManagePeople {
  function handed({ token, expiresAt }: NewLink): HandedLink {
    return { link: `${publicUrl()}/set-password#token=${token}`, expiresAt };
  }

  /** What an owner does to a person must not reach into other accounts. */
  async function requireOwn(member: MemberEntry, by: LinkIssuer): Promise<void> {
    if (by === 'operator') return;
    const roles = await people.ofPerson(member.personId);
    if (roles.every(({ accountId }) => accountId === member.accountId)) return;
    throw belongsToOthers(member);
  }

  function newMember(personId: string, { role, accountId }: Invitation): Member {
    return { id: randomId('mem'), personId, accountId, role, createdAt: clock.now() };
  }

  async function entryOf({ id }: Pick<Member, 'id'>): Promise<MemberEntry> {
    const entry = await people.get(id);
    if (entry) return entry;
    throw new HookwireError('conflict', 'The person was removed again at the same time.');
  }

  /** `null`: somebody has the address. */
  async function inviteNew(invitation: Invitation, by: LinkIssuer): Promise<Invited | null> {
    const { email, name, accountId } = invitation;
    const person = { id: randomId('per'), name, email: email.toLowerCase() };
    const link = links.make('invitation', by);
    const member = newMember(person.id, invitation);
    const outcome = await access.enrol(person, member, link);
    if (outcome === 'no account') throw noAccount(accountId);
    return outcome === 'known' ? null : { member: await entryOf(member), link: handed(link) };
  }

  /** `null`: the person was confirmed, or stopped being so, meanwhile. */
  async function inviteKnown(
    person: { readonly id: string; readonly email: string },
    invitation: Invitation,
    by: LinkIssuer,
  ): Promise<Invited | null> {
    const member = newMember(person.id, invitation);
    const isTrusted = isConfirmed(person);
    const link = links.make('invitation', by);
    const outcome = isTrusted ? await access.addConfirmed(member) : await access.addAnew(member, link, by);
    switch (outcome) {
      case 'added':
        return { member: await entryOf(member), link: isTrusted ? null : handed(link) };
      case 'taken':
        throw roleTaken();
      case 'no account':
        throw noAccount(invitation.accountId);
      case 'elsewhere':
        throw new HookwireError(
          'conflict',
          `Nobody has confirmed yet that ${person.email} belongs to the person who signs in with it: ask an operator to add them.`,
        );
      case 'confirmed':
      case 'not confirmed':
        return null;
    }
  }

  return {
    list: people.list,
    get: people.get,

    async invite(invitation, by) {
      const { internalAdapter } = await context();
      for (let tries = 0; tries < mostTries; tries++) {
        const known = await internalAdapter.findUserByEmail(invitation.email);
        const invited = known
          ? await inviteKnown(known.user, invitation, by)
          : await inviteNew(invitation, by);
        if (invited) return invited;
      }
      throw roleTaken();
    },

    async change(member, { role, name }, by) {
      if (name !== undefined) await requireOwn(member, by);
      const outcome = role === undefined ? 'done' : await people.changeRole(member.id, role);
      if (outcome === 'last') throw lastOne(member.role);
      if (outcome === 'none') throw new HookwireError('not_found', `There is no person "${member.id}".`);
      if (name === undefined) return;
      const { internalAdapter } = await context();
      await internalAdapter.updateUser(member.personId, { name });
    },

    async remove({ id, role }) {
      const outcome = await people.remove(id);
      if (outcome === 'last') throw lastOne(role);
      if (outcome === 'none') throw new HookwireError('not_found', `There is no person "${id}".`);
    },

    async issueLink(member, by) {
      await requireOwn(member, by);
      const link = links.make(await links.purposeFor(member.personId), by);
      if (await access.leaveLink(member, link, by)) return handed(link);
      if (await people.get(member.id)) throw belongsToOthers(member);
      throw new HookwireError('not_found', `There is no person "${member.id}".`);
    },
  };
}

function noAccount(id: string | null): HookwireError {
  return new HookwireError('not_found', `There is no account "${id}".`);
}

function belongsToOthers({ email }: Pick<MemberEntry, 'email'>): HookwireError {
  return new HookwireError(
    'conflict',
    `${email} belongs to others too: only an operator, or the person, may do this.`,
  );
}

function roleTaken(): HookwireError {
  return new HookwireError('conflict', 'The person has a role there already, or is invited right now.');
}

function lastOne(role: Role): HookwireError {
  const whom = role === 'operator' ? 'the gateway' : 'the account';
  return new HookwireError(
    'conflict',
    `This is the last ${role} of ${whom} who can sign in: make another one first.`,
  );
}
