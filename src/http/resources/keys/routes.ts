import Type from 'typebox';
import { createKey } from '../../../core/api-key.ts';
import { randomId } from '../../../core/ids.ts';
import { notFound } from '../../answers/not-found.ts';
import type { App } from '../../app-types.ts';
import type { Authenticator } from '../../callers/auth.ts';
import { keptWith } from '../../idempotency/answer-once.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { idParams, pageOf, pageQuery } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';
import { keyDescriber } from './audit.ts';
import { createdKey, key, newKey } from './schema.ts';
import { keyView } from './view.ts';

const tags = ['Keys'];
const config = { access: 'admin' } as const;

/** An account's API keys: for operators, and for the account's own keys with `admin`. */
export function routeKeys(
  app: App,
  { clock }: Pick<SharedServices, 'clock'>,
  authenticator: Authenticator,
): void {
  app.post(
    '/v1/accounts/:id/keys',
    {
      config: {
        ...config,
        idOf: 'account',
        grants: true,
        repeats: 'shownOnce',
        errors: ['limit_reached'],
        audit: { action: 'key.created', describer: keyDescriber },
      },
      schema: {
        operationId: 'createKey',
        summary: 'Make an API key',
        description: 'The answer shows the key; it is not shown again.',
        tags,
        params: idParams,
        body: newKey,
        response: { 201: createdKey },
      },
    },
    async (request, reply) => {
      const accountId = request.params.id;
      const { keys } = await request.reach.account(accountId);
      const { key: secret, hash } = createKey();
      const { name, scopes } = request.body;
      const made = { id: randomId('key'), accountId, name, scopes, createdAt: clock.now() };
      const [location, answer] = [
        `/v1/accounts/${accountId}/keys/${made.id}`,
        { ...keyView(accountId, made), key: secret },
      ];
      const kept = keptWith(request, location, answer, made.createdAt);
      await keys.create(made, hash, kept);
      return reply.code(201).header('location', location).send(answer);
    },
  );

  app.get(
    '/v1/accounts/:id/keys',
    {
      config: { ...config, idOf: 'account' },
      schema: {
        operationId: 'listKeys',
        summary: "List an account's API keys",
        tags,
        params: idParams,
        querystring: pageQuery({}),
        response: { 200: pageOf('Key', key) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { keys } = await request.reach.account(id);
      return pageAnswer(await keys.list(pageRequest(request.query)), (each) => keyView(id, each));
    },
  );

  app.delete(
    '/v1/accounts/:id/keys/:keyId',
    {
      config: { ...config, idOf: 'account', audit: { action: 'key.deleted', describer: keyDescriber } },
      schema: {
        operationId: 'deleteKey',
        summary: 'Delete an API key',
        description: 'It ends at once; in other processes of the gateway within 5 seconds.',
        tags,
        params: Type.Object({ id: Type.String(), keyId: Type.String() }),
      },
    },
    async (request, reply) => {
      const { id, keyId } = request.params;
      const { keys } = await request.reach.account(id);
      if (!(await keys.delete(keyId))) throw notFound('key', keyId);
      await authenticator.forgetKeys();
      return reply.code(204).send();
    },
  );
}
