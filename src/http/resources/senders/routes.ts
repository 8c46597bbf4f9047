import Type from 'typebox';
import { invalidInput } from '../../../core/errors.ts';
import { randomId } from '../../../core/ids.ts';
import { productIds } from '../../../core/products/index.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { App } from '../../app-types.ts';
import { keptWith } from '../../idempotency/answer-once.ts';
import { namedAccount } from '../../requests/named-account.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { accountPageQuery, accountQuery, idParams, pageOf, word } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';
import { senderDescriber } from './audit.ts';
import { identityProblem } from './identity.ts';
import { newSender, sender } from './schema.ts';
import { senderView } from './view.ts';

const tags = ['Senders'];

/** The Waba Numbers that an account's webhooks may choose from. */
export function routeSenders(app: App, { clock }: Pick<SharedServices, 'clock'>): void {
  app.post(
    '/v1/senders',
    {
      config: {
        access: 'admin',
        errors: ['conflict', 'limit_reached'],
        repeats: 'kept',
        audit: { action: 'sender.created', describer: senderDescriber },
      },
      schema: {
        operationId: 'createSender',
        summary: 'Register a sender',
        description: 'For WhatsApp: a Waba Number.',
        tags,
        querystring: accountQuery,
        body: newSender,
        response: { 201: sender },
      },
    },
    async (request, reply) => {
      const { product, label = null } = request.body;
      const productUniqueId = normalNumber(request.body.productUniqueId);
      const named = namedAccount(request.body.accountId, request.query.accountId);
      const owner = await request.reach.own(named);
      const problem = identityProblem(product, productUniqueId);
      if (problem) throw invalidInput([problem]);
      const createdAt = clock.now();
      const { accountId } = owner;
      const made = { id: randomId('snd'), accountId, product, productUniqueId, label, createdAt };
      const [location, answer] = [`/v1/senders/${made.id}`, senderView(made)];
      const kept = keptWith(request, location, answer, createdAt);
      await owner.senders.create(made, kept);
      return reply.code(201).header('location', location).send(answer);
    },
  );

  app.get(
    '/v1/senders',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'listSenders',
        summary: 'List the senders',
        tags,
        querystring: accountPageQuery({ product: Type.Optional(word(productIds)) }),
        response: { 200: pageOf('Sender', sender) },
      },
    },
    async (request) => {
      const { accountId: named, product } = request.query;
      const { senders } = request.reach.of(named);
      const page = await senders.list(product ? { product } : {}, pageRequest(request.query));
      return pageAnswer(page, senderView);
    },
  );

  app.delete(
    '/v1/senders/:id',
    {
      config: {
        access: 'admin',
        idOf: 'sender',
        audit: { action: 'sender.deleted', describer: senderDescriber },
      },
      schema: {
        operationId: 'deleteSender',
        summary: 'Remove a sender',
        description: 'Webhooks that name it keep doing so; new ones cannot choose it.',
        tags,
        params: idParams,
      },
    },
    async ({ reach, params }, reply) => {
      const found = await reach.senders.find(params.id);
      await found.delete();
      return reply.code(204).send();
    },
  );
}
