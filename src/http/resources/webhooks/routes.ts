import { limitError } from '../../../core/account-limits.ts';
import { randomId } from '../../../core/ids.ts';
import type { Webhook } from '../../../core/webhook.ts';
import type { WebhookFilter } from '../../../stores/ports/directory.ts';
import type { App } from '../../app-types.ts';
import { callerOf } from '../../app-types.ts';
import { webhookBody } from '../../body/limits.ts';
import { accountToList, accountToOwn, known, notFound } from '../../callers/tenancy.ts';
import { keptWith } from '../../idempotency/answer-once.ts';
import { leaveBody } from '../../requests/check-request.ts';
import type { Services } from '../../services.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { accountQuery, idParams, pageOf } from '../../shapes/schema.ts';
import { announce } from './announce.ts';
import { webhookDescriber } from './audit.ts';
import {
  accountOfNew,
  checkUnchanged,
  namedAccount,
  readWebhook,
  setByGateway,
  takeOut,
} from './read-webhook.ts';
import { changedWebhook, newWebhook, webhook, webhookFilters } from './schema.ts';
import { readBeside, readNewSecret, secretFields } from './secret/new-secret.ts';
import { webhookView } from './view.ts';
import { createWarner } from './warnings.ts';

const tags = ['Webhooks'];

export function routeWebhooks(app: App, services: Services): void {
  const { directory } = services;
  const view = (webhook: Webhook) => webhookView(webhook, createWarner(services)(webhook));

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
      const { accountId, config } = await readBeside(own.errors, async () => {
        const accountId = await accountOfNew(services, rest, async () => {
          const named = namedAccount(taken.accountId) ?? request.query.accountId;
          return accountToOwn(directory, callerOf(request), named);
        });
        return { accountId, config: await readWebhook(services, accountId, rest) };
      });
      const now = services.clock.now();
      const created: Webhook = {
        ...config,
        id: randomId('wh'),
        accountId,
        status: 'enabled',
        disabledReason: null,
        failingSince: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      const secret = { secret: own.secret, expiresAt: null };
      const most = services.limits.of(accountId).webhooks;
      const answer = view(created);
      const location = `/v1/webhooks/${created.id}`;
      const kept = keptWith(request, location, answer, now);
      if (!(await directory.createWebhook(created, secret, most, kept)))
        throw limitError('webhooks', most ?? 0);
      services.webhooks.created(created, [secret]);
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
      const filter: WebhookFilter = { ...filters, accountId: accountToList(callerOf(request), named) };
      const warn = createWarner(services);
      const page = await directory.listWebhooks(filter, pageRequest(request.query));
      return pageAnswer(page, (each) => webhookView(each, warn(each)));
    },
  );

  app.get(
    '/v1/webhooks/:id',
    {
      config: { access: 'webhooks:read' },
      schema: {
        operationId: 'getWebhook',
        summary: 'Get a webhook',
        tags,
        params: idParams,
        response: { 200: webhook },
      },
    },
    async (request) => {
      const { id } = request.params;
      return view(known(callerOf(request), await directory.getWebhook(id), 'webhook', id));
    },
  );

  app.put(
    '/v1/webhooks/:id',
    {
      config: {
        access: 'webhooks:write',
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
      const { id } = request.params;
      const saved = known(callerOf(request), await directory.getWebhook(id), 'webhook', id);
      const { taken, rest } = takeOut(request.body, setByGateway);
      const config = await readWebhook(services, saved.accountId, rest, saved);
      checkUnchanged(taken, saved);
      const ifVersion = taken.version === undefined ? undefined : saved.version;
      if (!(await directory.replaceWebhook(id, config, services.clock.now(), ifVersion))) {
        // Somebody else saved, or deleted it, since it was read above.
        checkUnchanged(taken, known(callerOf(request), await directory.getWebhook(id), 'webhook', id));
      }
      return view(await announce(services, id));
    },
  );

  app.delete(
    '/v1/webhooks/:id',
    {
      config: { access: 'webhooks:write', audit: { action: 'webhook.deleted', describer: webhookDescriber } },
      schema: {
        operationId: 'deleteWebhook',
        summary: 'Delete a webhook',
        description: 'What waits for it is not sent; its history stays.',
        tags,
        params: idParams,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      known(callerOf(request), await directory.getWebhook(id), 'webhook', id);
      if (!(await directory.deleteWebhook(id, services.clock.now()))) throw notFound('webhook', id);
      await services.webhooks.deleted(id);
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
      async (request) => {
        const { id } = request.params;
        known(callerOf(request), await directory.getWebhook(id), 'webhook', id);
        await directory.setWebhookStatus(id, status, reason, services.clock.now());
        return view(await announce(services, id));
      },
    );
  }
}
