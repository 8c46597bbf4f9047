import { limitError } from '../../../../core/account-limits.ts';
import { HookwireError } from '../../../../core/errors.ts';
import { restorableForMs } from '../../../../core/restorable.ts';
import type { Webhook } from '../../../../core/webhook.ts';
import type { App } from '../../../app-types.ts';
import { callerOf } from '../../../app-types.ts';
import type { Caller } from '../../../callers/caller.ts';
import { known, mayKnow } from '../../../callers/tenancy.ts';
import type { Services } from '../../../services.ts';
import { idParams } from '../../../shapes/schema.ts';
import { announce } from '../announce.ts';
import { webhookDescriber } from '../audit.ts';
import { webhookView } from '../view.ts';
import { createWarner } from '../warnings.ts';
import { restoredWebhook } from './schema.ts';

const minutes = restorableForMs / 60_000;

/** Takes back the deletion of a webhook. */
export function routeWebhookRestore(app: App, services: Services): void {
  const { directory, history, tasks, clock } = services;

  /** @throws HookwireError `not_found`, `conflict` for one that is not deleted, `restore_expired`, `limit_reached` */
  async function restore(caller: Caller, id: string): Promise<void> {
    const now = clock.now();
    const deleted = await directory.getDeletedWebhook(id);
    if (!deleted || !mayKnow(caller, deleted.webhook.accountId)) {
      known(caller, await directory.getWebhook(id), 'webhook', id);
      throw new HookwireError('conflict', `The webhook "${id}" is not deleted.`);
    }
    const most = services.limits.of(deleted.webhook.accountId).webhooks;
    const restored = await directory.restoreWebhook(id, now - restorableForMs, now, most);
    if (restored === 'full') throw limitError('webhooks', most ?? 0);
    if (restored) return;
    if (await directory.getWebhook(id))
      throw new HookwireError('conflict', `The webhook "${id}" is not deleted.`);
    const detail = `The webhook "${id}" was deleted more than ${minutes} minutes ago; create it anew.`;
    throw new HookwireError('restore_expired', detail);
  }

  /** Sends again what was skipped. That there are too many tasks does not undo the restoring. */
  async function sendSkipped({
    id,
    accountId,
  }: Webhook): Promise<{ taskId: string | null; note: string | null }> {
    const filter = { webhookId: id, stateReason: 'webhook_deleted' };
    const found = await history.listDeliveries(
      { ...filter, accountId, state: 'skipped' },
      { limit: 1, cursor: null },
    );
    if (found.data.length === 0 && found.nextCursor === null) return { taskId: null, note: null };
    try {
      const task = await tasks.create({ accountId, kind: 'recover', filter, states: ['skipped'] });
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
    async (request) => {
      const { id } = request.params;
      await restore(callerOf(request), id);
      // What the deletion has not ended yet is ended before it could be sent, and what is sent again is not under way.
      await services.delivery.skipDeleted(id);
      const restored = await announce(services, id);
      await services.delivery.gone(id);
      return {
        webhook: webhookView(restored, createWarner(services)(restored)),
        ...(await sendSkipped(restored)),
      };
    },
  );
}
