import Type from 'typebox';
import { HookwireError, invalidInput } from '../../../core/errors.ts';
import { roles } from '../../../core/roles.ts';
import type { Invited } from '../../../people/manage-people.ts';
import type { LinkIssuer } from '../../../stores/ports/access.ts';
import { type App, callerOf } from '../../app-types.ts';
import type { Authenticator } from '../../callers/auth.ts';
import type { Caller } from '../../callers/caller.ts';
import type { Reach } from '../../reach/reach.ts';
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
export function routePeople(app: App, authenticator: Authenticator): void {
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
      const { people } = request.reach.of(named);
      const page = await people.list(role === undefined ? {} : { role }, pageRequest(request.query));
      return pageAnswer(page, personView);
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
      const { member, link } = await invite(request.reach, request.body, issuerOf(callerOf(request)));
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

  async function invite(
    reach: Reach,
    { email, name, role, accountId: named }: Type.Static<typeof newPerson>,
    by: LinkIssuer,
  ): Promise<Invited> {
    if (role !== 'operator') {
      const { people } = await reach.own(named);
      return people.invite({ email, name, role }, by);
    }
    if (reach.kind === 'account') throw new HookwireError('forbidden', 'Only an operator invites operators.');
    if (named === undefined) return reach.people.inviteOperator({ email, name });
    throw invalidInput([
      { path: 'accountId', message: 'must be left out: an operator belongs to no account.' },
    ]);
  }

  app.get(
    '/v1/people/:id',
    {
      config: { ...config, idOf: 'person' },
      schema: {
        operationId: 'getPerson',
        summary: 'Get a person',
        tags,
        params: idParams,
        response: { 200: person },
      },
    },
    async ({ reach, params }) => {
      const { member } = await reach.people.find(params.id);
      return personView(member);
    },
  );

  app.patch(
    '/v1/people/:id',
    {
      config: {
        ...config,
        idOf: 'person',
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
      const { people } = request.reach;
      const { role, name } = request.body;
      const found = await people.find(request.params.id);
      if (role !== undefined && found.member.accountId === null) {
        throw new HookwireError('conflict', 'An operator belongs to no account: invite the person into one.');
      }
      await found.change({ role, name }, issuerOf(callerOf(request)));
      authenticator.forget();
      const { member } = await people.find(request.params.id);
      return personView(member);
    },
  );

  app.delete(
    '/v1/people/:id',
    {
      config: {
        ...config,
        idOf: 'person',
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
    async ({ reach, params }, reply) => {
      const found = await reach.people.find(params.id);
      await found.remove();
      authenticator.forget();
      return reply.code(204).send();
    },
  );

  app.post(
    '/v1/people/:id/password-link',
    {
      config: {
        ...config,
        idOf: 'person',
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
      const found = await request.reach.people.find(request.params.id);
      const link = await found.issueLink(issuerOf(callerOf(request)));
      return reply.code(201).send(handedLinkView(link));
    },
  );
}
