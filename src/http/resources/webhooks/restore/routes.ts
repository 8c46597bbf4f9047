import { HookwireError } from '../../../../core/errors.ts';
import { restorableForMs } from '../../../../core/restorable.ts';
import type { App } from '../../../app-types.ts';
import type { AccountReach, Reach, RestorableWebhook } from '../../../reach/reach.ts';
import { idParams } from '../../../shapes/schema.ts';
import type { SharedServices } from '../../../shared-services.ts';
import { webhookDescriber } from '../audit.ts';
import { webhookView } from '../view.ts';
import { createWarner } from '../warnings.ts';
import { restoredWebhook } from './schema.ts';

const minutes = restorableForMs / 60_000;

/** Takes back the deletion of a webhook. */
export function routeWebhookRestore(app: App, { clock }: Pick<SharedServices, 'clock'>): void {
  /** @throws HookwireError `not_found`, `conflict` for one that is not deleted, `restore_expired`, `limit_reached` */
  async function restore({ webhooks }: Reach, id: string): Promise<RestorableWebhook> {
    const deleted = await webhooks.getDeleted(id);
    if (!deleted) {
      await webhooks.find(id);
      throw new HookwireError('conflict', `The webhook "${id}" is not deleted.`);
    }
    if (await deleted.restore(clock.now() - restorableForMs)) return deleted;
    if (await webhooks.get(id)) throw new HookwireError('conflict', `The webhook "${id}" is not deleted.`);
    const detail = `The webhook "${id}" was deleted more than ${minutes} minutes ago; create it anew.`;
    throw new HookwireError('restore_expired', detail);
  }

  /** Sends again what was skipped. That there are too many tasks does not undo the restoring. */
  async function sendSkipped(
    { deliveries, tasks }: AccountReach,
    webhookId: string,
  ): Promise<{ taskId: string | null; note: string | null }> {
    const filter = { webhookId, stateReason: 'webhook_deleted' };
    const skipped = await deliveries.list({ ...filter, state: 'skipped' }, { limit: 1, cursor: null });
    if (skipped.data.length === 0 && skipped.nextCursor === null) return { taskId: null, note: null };
    try {
      const task = await tasks.create({ kind: 'recover', filter, states: ['skipped'] });
      return { taskId: task.id, note: null };
    } catch (error) {
      if (!(error instanceof HookwireError)) throw error;
      const note = `What was skipped is not sent yet: ${error.message} Recover it with the state "skipped".`;
      return { taskId: null, note };
    }
  }

  app.post(
    '/v1/webhooks/:id/restore',
    {
      config: {
        takesTurns: false,
        access: 'webhooks:write',
        idOf: 'webhook',
        errors: ['conflict', 'limit_reached', 'restore_expired'],
        audit: { action: 'webhook.restored', describer: webhookDescriber },
      },
      schema: {
        operationId: 'restoreWebhook',
        summary: 'Take back the deletion of a webhook',
        description:
          `Within ${minutes} minutes, with its id, secrets, version and status as they were. What was skipped because of ` +
          'the deletion is queued again, as a task. Events that came in between did not match it and are not sent to it.',
        tags: ['Webhooks'],
        params: idParams,
        response: { 200: restoredWebhook },
      },
    },
    async ({ reach, params: { id } }) => {
      const deleted = await restore(reach, id);
      const restored = await deleted.announce();
      return {
        webhook: webhookView(restored, createWarner(reach)(restored)),
        ...(await sendSkipped(deleted.owner, id)),
      };
    },
  );
}
