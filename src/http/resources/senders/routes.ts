import Type from 'typebox';
import { limitError } from '../../../core/account-limits.ts';
import { HookwireError, invalidInput } from '../../../core/errors.ts';
import { randomId } from '../../../core/ids.ts';
import { productIds, products } from '../../../core/products/index.ts';
import type { ProductId } from '../../../core/products/product.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import type { App } from '../../app-types.ts';
import { callerOf } from '../../app-types.ts';
import { accountToList, accountToOwn, known } from '../../callers/tenancy.ts';
import { keptWith } from '../../idempotency/answer-once.ts';
import type { Services } from '../../services.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { accountPageQuery, accountQuery, idParams, pageOf, word } from '../../shapes/schema.ts';
import { senderDescriber } from './audit.ts';
import { newSender, sender } from './schema.ts';
import { senderView } from './view.ts';

const tags = ['Senders'];

function checkIdentity(product: ProductId, productUniqueId: string): void {
  const { identity, label } = products[product];
  if (!identity) {
    throw invalidInput([{ path: 'product', message: `${label} has no identities to register.` }]);
  }
  if (!identity.pattern.test(productUniqueId)) {
    throw invalidInput([{ path: 'productUniqueId', message: `must be ${identity.shape}.` }]);
  }
}

/** The Waba Numbers that an account's webhooks may choose from. */
export function routeSenders(app: App, services: Services): void {
  app.post(
    '/v1/senders',
    {
      config: {
        access: 'admin',
        errors: ['conflict'],
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
      const named = request.body.accountId ?? request.query.accountId;
      const accountId = await accountToOwn(services.directory, callerOf(request), named);
      checkIdentity(product, productUniqueId);
      const most = services.limits.of(accountId).senders;
      const createdAt = services.clock.now();
      const made = { id: randomId('snd'), accountId, product, productUniqueId, label, createdAt };
      const [location, answer] = [`/v1/senders/${made.id}`, senderView(made)];
      const kept = keptWith(request, location, answer, createdAt);
      const created = await services.directory.createSender(made, most, kept);
      if (created === 'full') throw limitError('senders', most ?? 0);
      if (!created)
        throw new HookwireError('conflict', `The account has the sender "${productUniqueId}" already.`);
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
      const accountId = accountToList(callerOf(request), named);
      const filter = { accountId, ...(product ? { product } : {}) };
      return pageAnswer(await services.directory.listSenders(filter, pageRequest(request.query)), senderView);
    },
  );

  app.delete(
    '/v1/senders/:id',
    {
      config: { access: 'admin', audit: { action: 'sender.deleted', describer: senderDescriber } },
      schema: {
        operationId: 'deleteSender',
        summary: 'Remove a sender',
        description: 'Webhooks that name it keep doing so; new ones cannot choose it.',
        tags,
        params: idParams,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      known(callerOf(request), await services.directory.getSender(id), 'sender', id);
      await services.directory.deleteSender(id);
      return reply.code(204).send();
    },
  );
}
