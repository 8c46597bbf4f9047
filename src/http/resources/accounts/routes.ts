import type { LimitChanges, LimitOverrides } from '../../../core/account-limits.ts';
import { HookwireError, invalidInput } from '../../../core/errors.ts';
import { randomId } from '../../../core/ids.ts';
import {
  isPayloadLonger,
  type KeepDays,
  keepGiven,
  noOwnKeep,
  type OwnKeep,
  payloadTooLong,
} from '../../../core/keeping.ts';
import { operatorAccountId } from '../../../core/operator-account.ts';
import type { Erasure } from '../../../stores/ports/erasures.ts';
import { notFound } from '../../answers/not-found.ts';
import { type App, callerOf } from '../../app-types.ts';
import type { Authenticator } from '../../callers/auth.ts';
import { keptWith } from '../../idempotency/answer-once.ts';
import { pageAnswer, pageRequest } from '../../shapes/page.ts';
import { idParams, pageOf, pageQuery } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';
import { erasureStarted } from '../erasures/schema.ts';
import { accountDescriber } from './audit.ts';
import { account, accountChange, newAccount } from './schema.ts';
import { accountView } from './view.ts';

const tags = ['Accounts'];
const config = { access: 'operator' } as const;

/** The platform's customers; for operators only. */
export function routeAccounts(
  app: App,
  { clock, keep }: Pick<SharedServices, 'clock' | 'keep'>,
  authenticator: Authenticator,
): void {
  app.post(
    '/v1/accounts',
    {
      config: {
        ...config,
        errors: ['conflict'],
        repeats: 'kept',
        audit: { action: 'account.created', describer: accountDescriber },
      },
      schema: {
        operationId: 'createAccount',
        summary: 'Create an account',
        tags,
        body: newAccount,
        response: { 201: account },
      },
    },
    async (request, reply) => {
      const { body, platform } = request;
      const made = {
        id: body.id ?? randomId('acc'),
        name: body.name,
        createdAt: clock.now(),
        limits: setOnly(body.limits ?? {}),
        keep: { ...noOwnKeep, ...body.keep },
      };
      if (body.keep) checkKeep(keep.ofAll, made.keep, body.keep);
      const [location, answer] = [`/v1/accounts/${made.id}`, accountView(made)];
      const kept = keptWith(request, location, answer, made.createdAt);
      const created = await platform.accounts.create(made, kept);
      if (!created) throw taken(made.id, await platform.accounts.removing(made.id));
      return reply.code(201).header('location', location).send(answer);
    },
  );

  app.get(
    '/v1/accounts',
    {
      config,
      schema: {
        operationId: 'listAccounts',
        summary: 'List the accounts',
        tags,
        querystring: pageQuery({}),
        response: { 200: pageOf('Account', account) },
      },
    },
    async ({ platform, query }) => pageAnswer(await platform.accounts.list(pageRequest(query)), accountView),
  );

  app.get(
    '/v1/accounts/:id',
    {
      config: { ...config, idOf: 'account' },
      schema: {
        operationId: 'getAccount',
        summary: 'Get an account',
        tags,
        params: idParams,
        response: { 200: account },
      },
    },
    async ({ platform, params }) => {
      const found = await platform.accounts.get(params.id);
      if (!found) throw notFound('account', params.id);
      return accountView(found);
    },
  );

  app.patch(
    '/v1/accounts/:id',
    {
      config: {
        ...config,
        idOf: 'account',
        audit: { action: 'account.changed', describer: accountDescriber },
      },
      schema: {
        operationId: 'changeAccount',
        summary: 'Rename an account, or change its limits or how long what is its own is kept',
        description:
          'What is not named stays as it is. New limits hold from the next call on, new times within the hour: what is older goes then, for good.',
        tags,
        params: idParams,
        body: accountChange,
        response: { 200: account },
      },
    },
    async ({ platform, params, body }) => {
      if (body.keep) {
        const found = await platform.accounts.get(params.id);
        if (found) checkKeep(keep.ofAll, { ...found.keep, ...body.keep }, body.keep);
      }
      const changed = await platform.accounts.change(params.id, body);
      if (!changed) throw notFound('account', params.id);
      return accountView(changed);
    },
  );

  app.delete(
    '/v1/accounts/:id',
    {
      config: {
        ...config,
        idOf: 'account',
        errors: ['conflict', 'stopping'],
        audit: { action: 'account.deleted', describer: accountDescriber },
      },
      schema: {
        operationId: 'deleteAccount',
        summary: 'Delete an account',
        description: accountDeletion,
        tags,
        params: idParams,
        response: { 202: erasureStarted },
      },
    },
    async (request, reply) => {
      const { platform, params } = request;
      const caller = callerOf(request);
      if (params.id === operatorAccountId) {
        throw new HookwireError(
          'conflict',
          `The account "${operatorAccountId}" is the gateway's own; it stays.`,
        );
      }
      if (!(await platform.accounts.delete(params.id))) throw notFound('account', params.id);
      authenticator.forget();
      await authenticator.forgetKeys();
      const { id } = await platform.accounts.deleted(params.id, caller.actor);
      return reply.code(202).header('location', `/v1/tasks/${id}`).send({ taskId: id });
    },
  );
}

const accountDeletion = `
From the moment of this call nobody sees anything of the account any more, its keys and people do not get in, and nothing
is delivered. All that it had is removed by the task that is answered, which ends with a receipt; until then its id cannot be
given again.
`.trim();

function taken(id: string, removing: Erasure | null): HookwireError {
  const detail = removing
    ? `The account "${id}" is still being deleted: its id is free when the task ${removing.id} has ended.`
    : `There is an account "${id}" already.`;
  return new HookwireError('conflict', detail);
}

/** @throws HookwireError `invalid_input` where contents were to be kept longer than their entries in the log */
function checkKeep(ofAll: KeepDays, own: OwnKeep, given: Partial<OwnKeep>): void {
  if (!isPayloadLonger(keepGiven(ofAll, own))) return;
  const named = given.payloadDays === undefined ? 'logDays' : 'payloadDays';
  throw invalidInput([{ path: `keep.${named}`, message: payloadTooLong(ofAll, own) }]);
}

/** Without those that are `null`, which a new account has not. */
function setOnly(limits: LimitChanges): LimitOverrides {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null));
}
