import { invalidInput } from '../../../../core/errors.ts';
import type { App } from '../../../app-types.ts';
import { idParams } from '../../../shapes/schema.ts';
import type { SharedServices } from '../../../shared-services.ts';
import { webhookDescriber } from '../audit.ts';
import { rotation, signingSecrets } from '../schema.ts';
import { secretsView } from '../view.ts';
import { readNewSecret } from './new-secret.ts';

const tags = ['Webhooks'];
// Who has the secret can sign as the gateway does, so reading is not enough.
const config = { access: 'webhooks:write' } as const;
const hourMs = 3_600_000;

export function routeWebhookSecret(app: App, services: SharedServices): void {
  app.get(
    '/v1/webhooks/:id/secret',
    {
      config: { ...config, idOf: 'webhook' },
      schema: {
        operationId: 'getWebhookSecret',
        summary: 'Get the signing secret',
        description:
          'Reading it needs `webhooks:write`; `webhooks:read` is not enough, since whoever has it can sign as the gateway does.',
        tags,
        params: idParams,
        response: { 200: signingSecrets },
      },
    },
    async ({ reach, params }) => {
      const found = await reach.webhooks.find(params.id);
      return secretsView(await found.secrets());
    },
  );

  app.post(
    '/v1/webhooks/:id/secret/rotate',
    {
      config: {
        ...config,
        idOf: 'webhook',
        repeats: 'shownOnce',
        audit: { action: 'webhook.secretRotated', describer: webhookDescriber },
      },
      schema: {
        operationId: 'rotateWebhookSecret',
        summary: 'Change the signing secret',
        description:
          'Requests carry the signatures of both until the one before expires. The new one may be your own.',
        tags,
        params: idParams,
        body: rotation,
        response: { 200: signingSecrets },
      },
    },
    async (request) => {
      const found = await request.reach.webhooks.find(request.params.id);
      const overlapMs = Math.round((request.body?.overlapHours ?? 24) * hourMs);
      const { secret, errors } = readNewSecret(services, request.body ?? {});
      const [current] = await found.secrets();
      if (secret !== '' && secret === current?.secret)
        throw invalidInput([{ path: 'secret', message: 'is the one that signs already.' }]);
      if (errors.length > 0) throw invalidInput(errors);
      return secretsView(await found.rotateSecret(secret, overlapMs));
    },
  );
}
