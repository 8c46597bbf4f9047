import { limitError } from '../../../../core/account-limits.ts';
import { HookwireError, invalidInput } from '../../../../core/errors.ts';
import type { Event } from '../../../../core/event.ts';
import type { SigningSecret, Webhook, WebhookConfig } from '../../../../core/webhook.ts';
import type { TrialAnswer, TrialRequest } from '../../../../delivery/trial.ts';
import type { App } from '../../../app-types.ts';
import { callerOf } from '../../../app-types.ts';
import { eventTrialBody, webhookTrialBody } from '../../../body/limits.ts';
import type { Caller } from '../../../callers/caller.ts';
import { accountToOwn, known, notFound } from '../../../callers/tenancy.ts';
import { leaveBody } from '../../../requests/check-request.ts';
import type { Services } from '../../../services.ts';
import { accountQuery, idParams } from '../../../shapes/schema.ts';
import { webhookDescriber } from '../audit.ts';
import { maskRequestHeaders } from '../header-mask.ts';
import { createNeighboursOf, noNeighbours } from '../neighbours.ts';
import { namedAccount, readWebhook, takeOut } from '../read-webhook.ts';
import { readBeside, readNewSecret, secretFields } from '../secret/new-secret.ts';
import { createWarner, type Warning, warningsOf, warningsOfUrl } from '../warnings.ts';
import { newTrial, preview, savedTrial, trialAnswer } from './schema.ts';
import { trialEventOf } from './trial-event.ts';
import { trialAnswerView } from './view.ts';

const tags = ['Webhooks'];

/** Shows or sends what a webhook's endpoint would get. */
export function routeWebhookTrial(app: App, services: Services): void {
  /** Reads an unsaved webhook. An operator need not name an account; then any number will do. */
  async function readTrial(
    caller: Caller,
    body: unknown,
    inQuery: string | undefined,
  ): Promise<{
    accountId: string | null;
    config: WebhookConfig;
    event: Event;
    saved: Webhook | null;
    secrets: readonly SigningSecret[];
  }> {
    const { taken, rest } = takeOut(body, ['accountId', 'webhookId', 'event', ...secretFields]);
    const own = readNewSecret(services, taken);
    const named = namedAccount(taken.accountId) ?? inQuery;
    const anybody = caller.accountId === null && named === undefined;
    const accountId = anybody ? null : await accountToOwn(services.directory, caller, named);
    const saved = await savedOf(caller, accountId, taken.webhookId);
    // A refused address is told as the sender tells it, so that the test's answer is what a delivery would record.
    const anyAddress = { directory: services.directory, urlGuard: { checkUrl: () => null } };
    const config = await readBeside(own.errors, () => readWebhook(anyAddress, accountId, rest, saved));
    const event = trialEventOf(config, accountId ?? 'acc_sample', taken.event);
    // Nobody can check a signature by a secret that was just made; it only shows where one stands.
    const secrets = [{ secret: own.secret, expiresAt: null }];
    return { accountId: accountId ?? saved?.accountId ?? null, config, event, saved, secrets };
  }

  /** The webhook that an unsaved one is a change of, in the same account. */
  async function savedOf(caller: Caller, accountId: string | null, id: unknown): Promise<Webhook | null> {
    if (id === undefined) return null;
    if (typeof id !== 'string') throw invalidInput([{ path: 'webhookId', message: 'must be text.' }]);
    const saved = known(caller, await services.directory.getWebhook(id), 'webhook', id);
    if (accountId !== null && saved.accountId !== accountId) throw notFound('webhook', id);
    return saved;
  }

  /**
   * Sends a test while the account has a place for it.
   * @throws HookwireError `slow_down`, with nothing sent
   */
  async function send(
    accountId: string | null,
    config: WebhookConfig,
    event: Event,
    secrets: readonly SigningSecret[],
  ): Promise<TrialAnswer> {
    const most = accountId === null ? null : services.limits.of(accountId).tests;
    const leave = services.testPlaces.take(accountId, most);
    if (leave === 'account') throw limitError('tests', most ?? 0);
    if (leave === 'all') {
      const detail = 'As many tests are under way as the gateway sends at once. Try again in a moment.';
      throw new HookwireError('slow_down', detail, { retryAfterSeconds: 5 });
    }
    try {
      return await services.trial.send(config, event, secrets, accountId);
    } finally {
      leave();
    }
  }

  /** Beside the webhooks of its account, without the one that it is a change of. */
  function warningsOfTrial({ accountId, config, saved }: Awaited<ReturnType<typeof readTrial>>): Warning[] {
    const find =
      accountId === null ? noNeighbours : createNeighboursOf(services.webhooks.ofAccount(accountId));
    return warningsOf(config, find(config, saved?.id));
  }

  app.post(
    '/v1/webhooks/preview',
    {
      // Whoever may save a webhook may see what it would send.
      config: {
        access: ['webhooks:read', 'webhooks:write'],
        body: webhookTrialBody,
        callCost: 4,
        audit: 'nothing',
      },
      validatorCompiler: leaveBody,
      schema: {
        operationId: 'previewWebhook',
        summary: 'Show the request of an unsaved webhook',
        description:
          'Sends nothing. Signed with the `secret` of the body, else with one that is thrown away.',
        tags,
        querystring: accountQuery,
        body: newTrial,
        response: { 200: preview },
      },
    },
    async (request) => {
      const { accountId } = request.query;
      const trial = await readTrial(callerOf(request), request.body, accountId);
      const { config, event, saved } = trial;
      const shown = maskKept(services.trial.preview(config, event, trial.secrets), config, saved);
      return { ...shown, warnings: [...warningsOfTrial(trial), ...warningsOfUrl(shown.method, shown.url)] };
    },
  );

  app.post(
    '/v1/webhooks/test',
    {
      config: {
        takesTurns: false,
        access: 'webhooks:write',
        body: webhookTrialBody,
        errors: ['slow_down', 'overloaded'],
        audit: { action: 'webhook.tested', describer: webhookDescriber },
      },
      validatorCompiler: leaveBody,
      schema: {
        operationId: 'testUnsavedWebhook',
        summary: 'Send the request of an unsaved webhook',
        description: 'Once, now. Signed with the `secret` of the body, else with one that is thrown away.',
        tags,
        querystring: accountQuery,
        body: newTrial,
        response: { 200: trialAnswer },
      },
    },
    async (request) => {
      const trial = await readTrial(callerOf(request), request.body, request.query.accountId);
      const { accountId, config, event, saved } = trial;
      const answer = await send(accountId, config, event, trial.secrets);
      const shown = { ...answer, request: maskKept(answer.request, config, saved) };
      return trialAnswerView(shown, warningsOfTrial(trial));
    },
  );

  app.post(
    '/v1/webhooks/:id/test',
    {
      config: {
        takesTurns: false,
        access: 'webhooks:write',
        body: eventTrialBody,
        errors: ['slow_down', 'overloaded'],
        audit: { action: 'webhook.tested', describer: webhookDescriber },
      },
      schema: {
        operationId: 'testWebhook',
        summary: 'Send a test to a webhook',
        description: 'Once, now, as it is saved. In the answer its own header values are masked.',
        tags,
        params: idParams,
        body: savedTrial,
        response: { 200: trialAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      const webhook = known(callerOf(request), await services.directory.getWebhook(id), 'webhook', id);
      const event = trialEventOf(webhook, webhook.accountId, request.body?.event);
      const secrets = await services.directory.getSecrets(id, services.clock.now());
      const answer = await send(webhook.accountId, webhook, event, secrets);
      const headers = maskRequestHeaders(answer.request.headers, webhook.customHeaders);
      const shown = { ...answer, request: { ...answer.request, headers } };
      return trialAnswerView(shown, createWarner(services)(webhook));
    },
  );
}

/** Without the header values that come from the saved webhook and not from whoever asks. */
function maskKept(request: TrialRequest, config: WebhookConfig, saved: Webhook | null): TrialRequest {
  if (!saved) return request;
  const kept = saved.customHeaders.filter(({ name, value }) =>
    config.customHeaders.some(
      (header) => header.name.toLowerCase() === name.toLowerCase() && header.value === value,
    ),
  );
  return { ...request, headers: maskRequestHeaders(request.headers, kept) };
}
