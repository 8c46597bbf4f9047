import { invalidInput } from '../../../../core/errors.ts';
import type { Event } from '../../../../core/event.ts';
import type { SigningSecret, Webhook, WebhookConfig } from '../../../../core/webhook.ts';
import type { TrialRequest } from '../../../../delivery/trial.ts';
import type { App } from '../../../app-types.ts';
import { eventTrialBody, webhookTrialBody } from '../../../body/limits.ts';
import type { AccountReach, FoundWebhook, Reach } from '../../../reach/reach.ts';
import { leaveBody } from '../../../requests/check-request.ts';
import { namedAccount } from '../../../requests/named-account.ts';
import { accountQuery, idParams } from '../../../shapes/schema.ts';
import type { SharedServices } from '../../../shared-services.ts';
import { webhookDescriber } from '../audit.ts';
import { maskRequestHeaders } from '../header-mask.ts';
import { createNeighboursOf, noNeighbours } from '../neighbours.ts';
import { readWebhook, takeOut } from '../read-webhook.ts';
import { readBeside, readNewSecret, secretFields } from '../secret/new-secret.ts';
import { createWarner, type Warning, warningsOf, warningsOfUrl } from '../warnings.ts';
import { newTrial, preview, savedTrial, trialAnswer } from './schema.ts';
import { trialEventOf } from './trial-event.ts';
import { trialAnswerView } from './view.ts';

const tags = ['Webhooks'];

/** Shows or sends what a webhook's endpoint would get. */
export function routeWebhookTrial(app: App, services: SharedServices): void {
  /** Reads an unsaved webhook. An operator need not name an account; then any number will do. */
  async function readTrial(
    reach: Reach,
    body: unknown,
    inQuery: string | undefined,
  ): Promise<{
    /** `null`: an operator's, of no account. */
    owner: AccountReach | null;
    config: WebhookConfig;
    event: Event;
    saved: Webhook | null;
    secrets: readonly SigningSecret[];
  }> {
    const { taken, rest } = takeOut(body, ['accountId', 'webhookId', 'event', ...secretFields]);
    const own = readNewSecret(services, taken);
    const named = namedAccount(taken.accountId, inQuery);
    const anybody = reach.kind === 'platform' && named === undefined;
    const owner = anybody ? null : await reach.own(named);
    const saved = await savedOf(owner ?? reach, taken.webhookId);
    // A refused address is told as the sender tells it, so that the test's answer is what a delivery would record.
    const anyAddress = { urlGuard: { checkUrl: () => null } };
    const before = saved?.webhook ?? null;
    const config = await readBeside(own.errors, () => readWebhook(anyAddress, owner, rest, before));
    const event = trialEventOf(config, (owner ?? saved?.owner)?.accountId ?? null, taken.event);
    // Nobody can check a signature by a secret that was just made; it only shows where one stands.
    const secrets = [{ secret: own.secret, expiresAt: null }];
    return { owner: owner ?? saved?.owner ?? null, config, event, saved: before, secrets };
  }

  /** The webhook that an unsaved one is a change of, in the same account. */
  async function savedOf({ webhooks }: Reach, id: unknown): Promise<FoundWebhook | null> {
    if (id === undefined) return null;
    if (typeof id !== 'string') throw invalidInput([{ path: 'webhookId', message: 'must be text.' }]);
    return webhooks.find(id);
  }

  /** Beside the webhooks of its account, without the one that it is a change of. */
  function warningsOfTrial({ owner, config, saved }: Awaited<ReturnType<typeof readTrial>>): Warning[] {
    const find = owner === null ? noNeighbours : createNeighboursOf(owner.webhooks.registered());
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
      const trial = await readTrial(request.reach, request.body, request.query.accountId);
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
        errors: ['slow_down'],
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
      const trial = await readTrial(request.reach, request.body, request.query.accountId);
      const { owner, config, event, saved } = trial;
      const answer = await (owner ?? request.reach).sendTest(config, event, trial.secrets);
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
        idOf: 'webhook',
        body: eventTrialBody,
        errors: ['slow_down'],
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
      const found = await request.reach.webhooks.find(request.params.id);
      const { webhook, owner } = found;
      const event = trialEventOf(webhook, webhook.accountId, request.body?.event);
      const secrets = await found.secrets();
      const answer = await owner.sendTest(webhook, event, secrets);
      const headers = maskRequestHeaders(answer.request.headers, webhook.customHeaders);
      const shown = { ...answer, request: { ...answer.request, headers } };
      return trialAnswerView(shown, createWarner(owner)(webhook));
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
