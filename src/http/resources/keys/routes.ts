import Type from 'typebox';
import { limitError } from '../../../core/account-limits.ts';
import { createKey } from '../../../core/api-key.ts';
import { randomId } from '../../../core/ids.ts';
import type { App } from '../../app-types.ts';
import { callerOf } from '../../app-types.ts';
import type { Authenticator } from '../../callers/auth.ts';
import type { Caller } from '../../callers/caller.ts';
import { mayKnow, notFound } from '../../callers/tenancy.ts';
import { keptWith } from '../../idempotency/answer-once.ts';
import type { Services } from '../../services.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { idParams, pageOf, pageQuery } from '../../shapes/schema.ts';
import { keyDescriber } from './audit.ts';
import { createdKey, key, newKey } from './schema.ts';
import { keyView } from './view.ts';

const tags = ['Keys'];
const config = { access: 'admin' } as const;

/** An account's API keys: for operators, and for the account's own keys with `admin`. */
export function routeKeys(app: App, services: Services, authenticator: Authenticator): void {
  async function requireAccount(caller: Caller, id: string): Promise<void> {
    if (!mayKnow(caller, id) || !(await services.directory.getAccount(id))) throw notFound('account', id);
  }

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
      await requireAccount(callerOf(request), accountId);
      const { key: secret, hash } = createKey();
      const { name, scopes } = request.body;
      const made = { id: randomId('key'), accountId, name, scopes, createdAt: services.clock.now() };
      const most = services.limits.of(accountId).keys;
      const [location, answer] = [
        `/v1/accounts/${accountId}/keys/${made.id}`,
        { ...keyView(made), key: secret },
      ];
      const kept = keptWith(request, location, answer, made.createdAt);
      if (!(await services.directory.createKey(made, hash, most, kept))) throw limitError('keys', most ?? 0);
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
      await requireAccount(callerOf(request), request.params.id);
      const page = await services.directory.listKeys(request.params.id, pageRequest(request.query));
      return pageAnswer(page, keyView);
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
      await requireAccount(callerOf(request), id);
      if (!(await services.directory.deleteKey(id, keyId))) throw notFound('key', keyId);
      await authenticator.forgetKeys();
      return reply.code(204).send();
    },
  );
}
