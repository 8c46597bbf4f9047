import type { Webhook, WebhookConfig } from '../../../core/webhook.ts';
import type { AuditChange } from '../../../stores/ports/audit.ts';
import { maskUrl } from '../../../telemetry/mask.ts';
import { hidden } from '../../auditing/changes.ts';
import { type AuditedCall, type Describer, fieldOf, textOf } from '../../auditing/describer.ts';
import type { Services } from '../../services.ts';
import { webhookChanges } from './changes.ts';

function nameOf(webhook: unknown): string | null {
  const url = textOf(webhook, 'url');
  return textOf(webhook, 'description') || (url === null ? null : maskUrl(url));
}

async function changedTo(
  { directory }: Services,
  before: Webhook | null,
  answer: unknown,
): Promise<AuditChange[]> {
  const [id, version] = [textOf(answer, 'id'), fieldOf(answer, 'version')];
  if (id === null || typeof version !== 'number') return [];
  const from: WebhookConfig | null = (await directory.getWebhookVersion(id, version - 1)) ?? before;
  const to = (await directory.getWebhookVersion(id, version)) ?? (await directory.getWebhook(id));
  return from && to ? webhookChanges(from, to) : [];
}

async function changesOf(
  { services, action, answer, body }: AuditedCall,
  before: Webhook | null,
): Promise<AuditChange[]> {
  switch (action) {
    case 'webhook.updated':
      return changedTo(services, before, answer);
    case 'webhook.enabled':
    case 'webhook.disabled': {
      const to = textOf(answer, 'status');
      return before?.status === to ? [] : [{ field: 'status', from: before?.status ?? null, to }];
    }
    case 'webhook.secretRotated':
      return [{ field: 'secret', from: hidden, to: hidden }];
    case 'webhook.tested': {
      // One that is not saved has nothing else to be known by.
      const url = before ? null : textOf(body, 'url');
      return url === null ? [] : [{ field: 'url', from: null, to: maskUrl(url) }];
    }
    default:
      return [];
  }
}

export const webhookDescriber: Describer = {
  before: async ({ services, params }) =>
    params.id === undefined ? null : services.directory.getWebhook(params.id),
  async describe(call) {
    const before = call.before as Webhook | null;
    // Whoever restores one is answered what became of it, beside the webhook.
    const answered = fieldOf(call.answer, 'webhook') ?? call.answer;
    const shown = before ?? (call.action === 'webhook.tested' ? call.body : answered);
    // A change that is tried out before it is saved names its webhook in the body.
    const id = call.params.id ?? textOf(call.answer, 'id') ?? textOf(call.body, 'webhookId');
    return {
      accountId: textOf(shown, 'accountId') ?? textOf(call.body, 'accountId'),
      target: id === null ? null : { type: 'webhook', id, name: nameOf(shown) },
      changes: await changesOf(call, before),
    };
  },
};
