import { randomId } from '../../../core/ids.ts';
import type { Webhook } from '../../../core/webhook.ts';
import type { App } from '../../app-types.ts';
import { webhookBody } from '../../body/limits.ts';
import { keptWith } from '../../idempotency/answer-once.ts';
import type { Reach } from '../../reach/reach.ts';
import { leaveBody } from '../../requests/check-request.ts';
import { namedAccount } from '../../requests/named-account.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { accountQuery, idParams, pageOf } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';
import { webhookDescriber } from './audit.ts';
import { accountOfNew, checkUnchanged, readWebhook, setByGateway, takeOut } from './read-webhook.ts';
import { changedWebhook, newWebhook, webhook, webhookFilters } from './schema.ts';
import { readBeside, readNewSecret, secretFields } from './secret/new-secret.ts';
import { webhookView } from './view.ts';
import { createWarner } from './warnings.ts';

const tags = ['Webhooks'];

export function routeWebhooks(app: App, services: SharedServices): void {
  const view = (reach: Reach, webhook: Webhook) => webhookView(webhook, createWarner(reach)(webhook));

  app.post(
    '/v1/webhooks',
    {
      config: {
        access: 'webhooks:write',
        repeats: 'kept',
        body: webhookBody,
        errors: ['limit_reached'],
        audit: { action: 'webhook.created', describer: webhookDescriber },
      },
      validatorCompiler: leaveBody,
      schema: {
        operationId: 'createWebhook',
        summary: 'Create a webhook',
        tags,
        querystring: accountQuery,
        body: newWebhook,
        response: { 201: webhook },
      },
    },
    async (request, reply) => {
      const { taken, rest } = takeOut(request.body, ['accountId', ...secretFields]);
      const own = readNewSecret(services, taken);
      const { owner, config } = await readBeside(own.errors, async () => {
        const owner = await accountOfNew(services, rest, async () =>
          request.reach.own(namedAccount(taken.accountId, request.query.accountId)),
        );
        return { owner, config: await readWebhook(services, owner, rest) };
      });
      const now = services.clock.now();
      const created: Webhook = {
        ...config,
        id: randomId('wh'),
        accountId: owner.accountId,
        status: 'enabled',
        disabledReason: null,
        failingSince: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      const secret = { secret: own.secret, expiresAt: null };
      const answer = view(owner, created);
      const location = `/v1/webhooks/${created.id}`;
      const kept = keptWith(request, location, answer, now);
      await owner.webhooks.create(created, secret, kept);
      return reply.code(201).header('location', location).send(answer);
    },
  );

  app.get(
    '/v1/webhooks',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'listWebhooks',
        summary: 'List the webhooks',
        tags,
        querystring: webhookFilters,
        response: { 200: pageOf('Webhook', webhook) },
      },
    },
    async (request) => {
      const { accountId: named, limit: _limit, cursor: _cursor, ...filters } = request.query;
      const reach = request.reach.of(named);
      const warn = createWarner(reach);
      const page = await reach.webhooks.list(filters, pageRequest(request.query));
      return pageAnswer(page, (each) => webhookView(each, warn(each)));
    },
  );

  app.get(
    '/v1/webhooks/:id',
    {
      config: { access: 'webhooks:read', idOf: 'webhook' },
      schema: {
        operationId: 'getWebhook',
        summary: 'Get a webhook',
        tags,
        params: idParams,
        response: { 200: webhook },
      },
    },
    async ({ reach, params }) => {
      const { webhook } = await reach.webhooks.find(params.id);
      return view(reach, webhook);
    },
  );

  app.put(
    '/v1/webhooks/:id',
    {
      config: {
        access: 'webhooks:write',
        idOf: 'webhook',
        errors: ['conflict'],
        body: webhookBody,
        audit: { action: 'webhook.updated', describer: webhookDescriber },
      },
      validatorCompiler: leaveBody,
      schema: {
        operationId: 'replaceWebhook',
        summary: 'Replace a webhook',
        description: 'Takes the whole webhook; deliveries that wait are sent as it then is.',
        tags,
        params: idParams,
        body: changedWebhook,
        response: { 200: webhook },
      },
    },
    async (request) => {
      const { reach, params } = request;
      const found = await reach.webhooks.find(params.id);
      const { webhook: saved, owner } = found;
      const { taken, rest } = takeOut(request.body, setByGateway);
      const config = await readWebhook(services, owner, rest, saved);
      checkUnchanged(taken, saved);
      const ifVersion = taken.version === undefined ? undefined : saved.version;
      if (!(await found.replace(config, ifVersion))) {
        // Somebody else saved, or deleted it, since it was read above.
        const { webhook: now } = await reach.webhooks.find(params.id);
        checkUnchanged(taken, now);
      }
      return view(reach, await found.announce());
    },
  );

  app.delete(
    '/v1/webhooks/:id',
    {
      config: {
        access: 'webhooks:write',
        idOf: 'webhook',
        audit: { action: 'webhook.deleted', describer: webhookDescriber },
      },
      schema: {
        operationId: 'deleteWebhook',
        summary: 'Delete a webhook',
        description: 'What waits for it is not sent; its history stays.',
        tags,
        params: idParams,
      },
    },
    async ({ reach, params }, reply) => {
      const found = await reach.webhooks.find(params.id);
      await found.delete();
      return reply.code(204).send();
    },
  );

  for (const action of ['enable', 'disable'] as const) {
    const [status, reason] =
      action === 'enable' ? (['enabled', null] as const) : (['disabled', 'by_user'] as const);
    app.post(
      `/v1/webhooks/:id/${action}`,
      {
        config: {
          access: 'webhooks:write',
          idOf: 'webhook',
          audit: { action: `webhook.${action}d`, describer: webhookDescriber },
        },
        schema: {
          operationId: `${action}Webhook`,
          summary: action === 'enable' ? 'Enable a webhook' : 'Disable a webhook',
          description:
            action === 'enable'
              ? 'What waited meanwhile is sent.'
              : 'Deliveries wait until it is enabled again.',
          tags,
          params: idParams,
          response: { 200: webhook },
        },
      },
      async ({ reach, params }) => {
        const found = await reach.webhooks.find(params.id);
        return view(reach, await found.setStatus(status, reason));
      },
    );
  }
}
