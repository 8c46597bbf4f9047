import type { Static } from 'typebox';
import { invalidInput } from '../../../core/errors.ts';
import { type Sought, unfindable } from '../../../core/traces.ts';
import { type App, callerOf } from '../../app-types.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { pageOf } from '../../shapes/schema.ts';
import { task } from '../tasks/schema.ts';
import { taskView } from '../tasks/view.ts';
import { erasureDescriber } from './audit.ts';
import { erasureQuery, erasureStarted, newErasure } from './schema.ts';

const tags = ['Erasures'];
const names = ['mobileNumber', 'userId', 'messageId'] as const;

const how = `
Every trace of a person goes, in one account or in all: events about them keep their kind, status and times, and nothing
that finds them; where they are named in what is about others, or in what endpoints answered, bullets stand in their place. All
events are looked through, so it takes a while; \`GET /v1/tasks/:id\` shows how far it is, and the receipt. What comes later is
not affected. At most 20 of an account are under way.
`.trim();

/** Forgets people. */
export function routeErasures(app: App): void {
  app.post(
    '/v1/erasures',
    {
      config: {
        access: 'admin',
        errors: ['conflict', 'stopping'],
        // A kept answer has a hash of the body, and with it of the number.
        repeats: 'inMemory',
        audit: { action: 'erasure.created', describer: erasureDescriber },
      },
      schema: {
        operationId: 'createErasure',
        summary: 'Forget a person',
        description: how,
        tags,
        body: newErasure,
        response: { 202: erasureStarted },
      },
    },
    async (request, reply) => {
      const { reach, body } = request;
      const sought = readSought(body);
      const within = body.accountId === undefined ? reach : await reach.own(body.accountId);
      const { id } = await within.erasures.create({
        ...{ sought, waiting: body.waiting ?? 'deliver', by: callerOf(request).actor },
      });
      return reply.code(202).header('location', `/v1/tasks/${id}`).send({ taskId: id });
    },
  );

  app.get(
    '/v1/erasures',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listErasures',
        summary: 'List the erasures',
        description: 'Newest first, with their receipts.',
        tags,
        querystring: erasureQuery,
        response: { 200: pageOf('Erasure', task) },
      },
    },
    async ({ reach, query }) => {
      const { erasures } = reach.of(query.accountId);
      return pageAnswer(await erasures.list(pageRequest(query)), taskView);
    },
  );
}

/** @throws HookwireError `invalid_input` where it is not one, or nobody can be found by it */
function readSought(body: Static<typeof newErasure>): Sought {
  const given = names.filter((name) => body[name] !== undefined);
  const [name, second] = given;
  if (name === undefined) {
    const message = 'is missing: give one of mobileNumber, userId and messageId, which say who is meant.';
    throw invalidInput([{ path: 'mobileNumber', message }]);
  }
  if (second !== undefined) {
    const message = 'must be the only one of mobileNumber, userId and messageId, which say who is meant.';
    throw invalidInput([{ path: second, message }]);
  }
  const sought = { [name]: body[name] ?? '' } as unknown as Sought;
  const problem = unfindable(sought);
  if (problem !== null) throw invalidInput([{ path: name, message: problem }]);
  return sought;
}
