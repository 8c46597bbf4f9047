import Type from 'typebox';
import { HookwireError, invalidInput } from '../../../core/errors.ts';
import { roles } from '../../../core/roles.ts';
import type { Invitation } from '../../../portal/people.ts';
import type { LinkIssuer } from '../../../stores/ports/access.ts';
import type { MemberEntry, MemberFilter } from '../../../stores/ports/people.ts';
import { type App, callerOf } from '../../app-types.ts';
import type { Authenticator } from '../../callers/auth.ts';
import type { Caller } from '../../callers/caller.ts';
import { accountToList, accountToOwn, notFound } from '../../callers/tenancy.ts';
import type { Services } from '../../services.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { accountPageQuery, idParams, pageOf, word } from '../../shapes/schema.ts';
import { personDescriber } from './audit.ts';
import { handedLink, invitedPerson, newPerson, person, roleChange } from './schema.ts';
import { handedLinkView, personView } from './view.ts';

const tags = ['People'];
const config = { access: 'admin' } as const;

function issuerOf({ accountId, role }: Caller): LinkIssuer {
  return accountId === null || role === 'operator' ? 'operator' : 'owner';
}

/** People with a role: operators see all, an account its own. */
export function routePeople(app: App, services: Services, authenticator: Authenticator): void {
  const people = () => services.portal.people;

  async function find(caller: Caller, id: string): Promise<MemberEntry> {
    const found = await people().get(id);
    if (!found || (caller.accountId !== null && found.accountId !== caller.accountId)) {
      throw notFound('person', id);
    }
    return found;
  }

  app.get(
    '/v1/people',
    {
      config,
      schema: {
        operationId: 'listPeople',
        summary: 'List people',
        description: 'One entry for each role, newest first. Operators are seen by operators alone.',
        tags,
        querystring: accountPageQuery({ role: Type.Optional(word(roles)) }),
        response: { 200: pageOf('Person', person) },
      },
    },
    async (request) => {
      const { accountId: named, role } = request.query;
      const accountId = accountToList(callerOf(request), named);
      const filter: MemberFilter = { accountId, ...(role !== undefined && { role }) };
      return pageAnswer(await people().list(filter, pageRequest(request.query)), personView);
    },
  );

  app.post(
    '/v1/people',
    {
      config: {
        ...config,
        grants: true,
        repeats: 'shownOnce',
        errors: ['conflict'],
        audit: { action: 'person.invited', describer: personDescriber },
      },
      schema: {
        operationId: 'invitePerson',
        summary: 'Invite a person',
        description:
          'No e-mail is sent: hand the link on. It is good for 72 hours, once. Whoever is known already, and confirmed, gets the role at once and signs in as before.',
        tags,
        body: newPerson,
        response: { 201: invitedPerson },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { member, link } = await people().invite(
        await invitationOf(caller, request.body),
        issuerOf(caller),
      );
      authenticator.forget();
      const handed = link && handedLinkView(link);
      return reply
        .code(201)
        .header('location', `/v1/people/${member.id}`)
        .send({
          ...personView(member),
          link: handed?.link ?? null,
          linkExpiresAt: handed?.expiresAt ?? null,
        });
    },
  );

  async function invitationOf(
    caller: Caller,
    { email, name, role, accountId: named }: Type.Static<typeof newPerson>,
  ): Promise<Invitation> {
    if (role !== 'operator') {
      return { email, name, role, accountId: await accountToOwn(services.directory, caller, named) };
    }
    if (caller.accountId !== null)
      throw new HookwireError('forbidden', 'Only an operator invites operators.');
    if (named === undefined) return { email, name, role, accountId: null };
    throw invalidInput([
      { path: 'accountId', message: 'must be left out: an operator belongs to no account.' },
    ]);
  }

  app.get(
    '/v1/people/:id',
    {
      config,
      schema: {
        operationId: 'getPerson',
        summary: 'Get a person',
        tags,
        params: idParams,
        response: { 200: person },
      },
    },
    async (request) => personView(await find(callerOf(request), request.params.id)),
  );

  app.patch(
    '/v1/people/:id',
    {
      config: {
        ...config,
        grants: true,
        errors: ['conflict'],
        audit: { action: 'person.updated', describer: personDescriber },
      },
      schema: {
        operationId: 'changePerson',
        summary: "Change a person's role or name",
        description:
          'The role counts at once. The last owner who can sign in stays one; an operator stays one until removed.',
        tags,
        params: idParams,
        body: roleChange,
        response: { 200: person },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { role, name } = request.body;
      const found = await find(caller, request.params.id);
      if (role !== undefined && found.accountId === null) {
        throw new HookwireError('conflict', 'An operator belongs to no account: invite the person into one.');
      }
      await people().change(found, { role, name }, issuerOf(caller));
      authenticator.forget();
      return personView(await find(caller, found.id));
    },
  );

  app.delete(
    '/v1/people/:id',
    {
      config: {
        ...config,
        errors: ['conflict'],
        audit: { action: 'person.removed', describer: personDescriber },
      },
      schema: {
        operationId: 'removePerson',
        summary: 'Remove a person',
        description:
          'Access ends at once. The last operator, and the last owner of an account, who can sign in stays.',
        tags,
        params: idParams,
      },
    },
    async (request, reply) => {
      await people().remove(await find(callerOf(request), request.params.id));
      authenticator.forget();
      return reply.code(204).send();
    },
  );

  app.post(
    '/v1/people/:id/password-link',
    {
      config: {
        ...config,
        grants: true,
        repeats: 'shownOnce',
        errors: ['conflict'],
        audit: { action: 'person.passwordLinkMade', describer: personDescriber },
      },
      schema: {
        operationId: 'createPasswordLink',
        summary: 'Make a link by which a person sets a new password',
        description:
          'No e-mail is sent: hand the link on. It is good once, for 24 hours (72 where the person never signed in), and ends those before. Using it signs the person out everywhere else. Of a person who belongs to others too, only an operator may make one.',
        tags,
        params: idParams,
        response: { 201: handedLink },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const found = await find(caller, request.params.id);
      const link = await people().issueLink(found, issuerOf(caller));
      return reply.code(201).send(handedLinkView(link));
    },
  );
}
