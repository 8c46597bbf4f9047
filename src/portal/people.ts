import type { Clock } from '../core/clock.ts';
import { HookwireError } from '../core/errors.ts';
import { randomId } from '../core/ids.ts';
import type { AccountRole, Role } from '../core/roles.ts';
import type { Member, MemberEntry, People } from '../stores/ports/people.ts';
import { type AuthStore, isConfirmed, revokeAccess } from './access.ts';
import type { LinkIssuer, PasswordLinks } from './password-links.ts';

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
  readonly links: PasswordLinks;
  readonly clock: Pick<Clock, 'now'>;
  readonly context: () => Promise<AuthStore>;
  readonly publicUrl: () => string;
}

export function createManagePeople({ people, links, clock, context, publicUrl }: Parts): ManagePeople {
  async function handLink(personId: string, by: LinkIssuer): Promise<HandedLink> {
    const { token, expiresAt } = await links.issue(personId, by);
    return { link: `${publicUrl()}/set-password#token=${token}`, expiresAt };
  }

  /** What an owner does to a person must not reach into other accounts. */
  async function requireOwn(member: MemberEntry, by: LinkIssuer): Promise<void> {
    if (by === 'operator') return;
    const roles = await people.ofPerson(member.personId);
    if (roles.every(({ accountId }) => accountId === member.accountId)) return;
    throw new HookwireError(
      'conflict',
      `${member.email} belongs to others too: only an operator, or the person, may do this.`,
    );
  }

  async function add(personId: string, { role, accountId }: Invitation): Promise<MemberEntry> {
    const member: Member = { id: randomId('mem'), personId, accountId, role, createdAt: clock.now() };
    const outcome = await people.add(member);
    if (outcome === 'no account') throw new HookwireError('not_found', `There is no account "${accountId}".`);
    const entry = outcome === 'added' ? await people.get(member.id) : null;
    if (entry) return entry;
    throw roleTaken();
  }

  async function inviteKnown(
    person: { readonly id: string; readonly email: string },
    invitation: Invitation,
    by: LinkIssuer,
  ): Promise<Invited> {
    if (isConfirmed(person)) return { member: await add(person.id, invitation), link: null };
    const roles = await people.ofPerson(person.id);
    if (roles.some(({ accountId }) => accountId === invitation.accountId)) throw roleTaken();
    if (by === 'owner' && roles.length > 0) {
      throw new HookwireError(
        'conflict',
        `Nobody has confirmed yet that ${person.email} belongs to the person who signs in with it: ask an operator to add them.`,
      );
    }
    // Before there is a further role to be had by it.
    await revokeAccess(await context(), person.id);
    const member = await add(person.id, invitation);
    const link = await handLink(person.id, by);
    return { member: { ...member, invited: true }, link };
  }

  return {
    list: people.list,
    get: people.get,

    async invite(invitation, by) {
      const { internalAdapter } = await context();
      const known = await internalAdapter.findUserByEmail(invitation.email);
      if (known) return inviteKnown(known.user, invitation, by);
      const { email, name } = invitation;
      const unproven = { emailVerified: false, confirmed: false };
      const person = await internalAdapter
        .createUser({ email, name, ...unproven }, { method: 'admin' })
        .catch(async (error: unknown) => {
          // Somebody else invited the same address at the same time.
          if (await internalAdapter.findUserByEmail(email)) throw roleTaken();
          throw error;
        });
      const member = await add(person.id, invitation);
      return { member, link: await handLink(person.id, by) };
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
      // From now on an owner may be the one who knows the password.
      if (by === 'owner') {
        const { internalAdapter } = await context();
        await internalAdapter.updateUser(member.personId, { confirmed: false });
      }
      return handLink(member.personId, by);
    },
  };
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
