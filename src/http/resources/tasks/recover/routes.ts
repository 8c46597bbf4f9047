import type { Static } from 'typebox';
import { invalidInput } from '../../../../core/errors.ts';
import type { App } from '../../../app-types.ts';
import { callerOf } from '../../../app-types.ts';
import type { Caller } from '../../../callers/caller.ts';
import { accountToOwn, known, notFound } from '../../../callers/tenancy.ts';
import type { Services } from '../../../services.ts';
import { numberNotes } from '../../../shapes/number-filter.ts';
import { idParams } from '../../../shapes/schema.ts';
import { taskDescriber } from '../audit.ts';
import { recoverBody, replayBody, taskStarted } from '../schema.ts';
import { readSpan, replayableState } from './replay-input.ts';

const how = `
Deliveries are sent again oldest first, with the same \`webhook-id\`, marked manual, within the limits of their webhook and
behind its fresh traffic. A webhook that is disabled or whose endpoint fails lets the task wait. At most 5 tasks of an
account are under way at once, those that wait for their endpoints not counted; of these and those together at most 100.
`.trim();

/** Sends many deliveries again. */
export function routeRecover(app: App, services: Services): void {
  app.post(
    '/v1/webhooks/:id/recover',
    {
      config: {
        access: 'deliveries:replay',
        errors: ['conflict', 'overloaded'],
        repeats: 'kept',
        audit: { action: 'task.created', describer: taskDescriber },
      },
      schema: {
        operationId: 'recoverWebhook',
        summary: 'Send again what a webhook missed',
        description: `Everything of the webhook that was accepted in this time and failed. ${how}`,
        tags: ['Webhooks'],
        params: idParams,
        body: recoverBody,
        response: { 202: taskStarted },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { states = ['failed'], ...span } = request.body;
      const { accountId } = known(callerOf(request), await services.directory.getWebhook(id), 'webhook', id);
      const task = await services.tasks.create({
        accountId,
        kind: 'recover',
        filter: { webhookId: id, ...readSpan(span) },
        states: states.map((state, index) => replayableState(state, `states[${index}]`)),
      });
      return reply.code(202).header('location', `/v1/tasks/${task.id}`).send({ taskId: task.id });
    },
  );

  /** The account whose deliveries are meant. A webhook says it too. */
  async function accountOf(
    caller: Caller,
    { accountId, webhookId }: Static<typeof replayBody>,
  ): Promise<string> {
    if (webhookId === undefined) return accountToOwn(services.directory, caller, accountId);
    const webhook = known(caller, await services.directory.getWebhook(webhookId), 'webhook', webhookId);
    if (accountId !== undefined && accountId !== webhook.accountId) throw notFound('webhook', webhookId);
    return webhook.accountId;
  }

  app.post(
    '/v1/deliveries/replay',
    {
      config: {
        access: 'deliveries:replay',
        errors: ['conflict', 'overloaded'],
        repeats: 'kept',
        audit: { action: 'task.created', describer: taskDescriber },
      },
      schema: {
        operationId: 'replayDeliveries',
        summary: 'Send again what a filter finds',
        description: `With the filters of the list, of one account. ${how}`,
        tags: ['Deliveries'],
        body: replayBody,
        response: { 202: taskStarted },
      },
    },
    async (request, reply) => {
      const { accountId: _accountId, state = 'failed', from, to, ...narrowed } = request.body;
      const accountId = await accountOf(callerOf(request), request.body);
      const { messageId, transactionId, mobileNumber } = narrowed;
      if ((from ?? messageId ?? transactionId ?? mobileNumber) === undefined) {
        const message = 'is required unless messageId, transactionId or mobileNumber says what is meant.';
        throw invalidInput([{ path: 'from', message }]);
      }
      const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const task = await services.tasks.create({
        accountId,
        kind: 'replay',
        filter: { ...narrowed, ...readSpan(span) },
        states: [replayableState(state, 'state')],
      });
      const answer = { taskId: task.id, ...numberNotes(callerOf(request), narrowed) };
      return reply.code(202).header('location', `/v1/tasks/${task.id}`).send(answer);
    },
  );
}
