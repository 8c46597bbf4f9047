import type { Static } from 'typebox';
import { invalidInput } from '../../../../core/errors.ts';
import { notFound } from '../../../answers/not-found.ts';
import type { App } from '../../../app-types.ts';
import { callerOf } from '../../../app-types.ts';
import type { AccountReach, Reach } from '../../../reach/reach.ts';
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
export function routeRecover(app: App): void {
  app.post(
    '/v1/webhooks/:id/recover',
    {
      config: {
        access: 'deliveries:replay',
        idOf: 'webhook',
        errors: ['conflict', 'stopping'],
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
      const { owner } = await request.reach.webhooks.find(id);
      const task = await owner.tasks.create({
        kind: 'recover',
        filter: { webhookId: id, ...readSpan(span) },
        states: states.map((state, index) => replayableState(state, `states[${index}]`)),
      });
      return reply.code(202).header('location', `/v1/tasks/${task.id}`).send({ taskId: task.id });
    },
  );

  /** The account whose deliveries are meant. A webhook says it too. */
  async function ownerOf(
    reach: Reach,
    { accountId, webhookId }: Static<typeof replayBody>,
  ): Promise<AccountReach> {
    if (webhookId === undefined) return reach.own(accountId);
    const { owner } = await reach.webhooks.find(webhookId);
    if (accountId !== undefined && accountId !== owner.accountId) throw notFound('webhook', webhookId);
    return owner;
  }

  app.post(
    '/v1/deliveries/replay',
    {
      config: {
        access: 'deliveries:replay',
        errors: ['conflict', 'stopping'],
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
      const owner = await ownerOf(request.reach, request.body);
      const { messageId, transactionId, mobileNumber } = narrowed;
      if ((from ?? messageId ?? transactionId ?? mobileNumber) === undefined) {
        const message = 'is required unless messageId, transactionId or mobileNumber says what is meant.';
        throw invalidInput([{ path: 'from', message }]);
      }
      const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const task = await owner.tasks.create({
        kind: 'replay',
        filter: { ...narrowed, ...readSpan(span) },
        states: [replayableState(state, 'state')],
      });
      const answer = { taskId: task.id, ...numberNotes(callerOf(request), narrowed) };
      return reply.code(202).header('location', `/v1/tasks/${task.id}`).send(answer);
    },
  );
}
