import type { WebhookConfig } from '../../../core/webhook.ts';
import type { AuditChange } from '../../../stores/ports/audit.ts';
import { maskUrl } from '../../../telemetry/mask.ts';
import { hidden } from '../../auditing/changes.ts';
import { type AuditedCall, type Describer, fieldOf, textOf } from '../../auditing/describer.ts';
import type { FoundWebhook, Reach } from '../../reach/reach.ts';
import { webhookChanges } from './audit-changes.ts';

function nameOf(webhook: unknown): string | null {
  const url = textOf(webhook, 'url');
  return textOf(webhook, 'description') || (url === null ? null : maskUrl(url));
}

async function changedTo(
  reach: Reach | null,
  before: FoundWebhook | null,
  answer: unknown,
): Promise<AuditChange[]> {
  const [id, version] = [textOf(answer, 'id'), fieldOf(answer, 'version')];
  if (id === null || typeof version !== 'number') return [];
  const found = before ?? (await reach?.webhooks.get(id));
  if (!found) return [];
  const from: WebhookConfig | null = (await found.version(version - 1)) ?? before?.webhook ?? null;
  const to = (await found.version(version)) ?? (await reach?.webhooks.get(id))?.webhook;
  return from && to ? webhookChanges(from, to) : [];
}

async function changesOf(
  { reach, action, answer, body }: AuditedCall,
  before: FoundWebhook | null,
): Promise<AuditChange[]> {
  switch (action) {
    case 'webhook.updated':
      return changedTo(reach, before, answer);
    case 'webhook.enabled':
    case 'webhook.disabled': {
      const to = textOf(answer, 'status');
      const from = before?.webhook.status ?? null;
      return from === to ? [] : [{ field: 'status', from, to }];
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
  before: async ({ reach, params }) => (params.id === undefined ? null : reach?.webhooks.get(params.id)),
  async describe(call) {
    const before = call.before as FoundWebhook | null;
    // Whoever restores one is answered what became of it, beside the webhook.
    const answered = fieldOf(call.answer, 'webhook') ?? call.answer;
    const shown = before?.webhook ?? (call.action === 'webhook.tested' ? call.body : answered);
    // A change that is tried out before it is saved names its webhook in the body.
    const id = call.params.id ?? textOf(call.answer, 'id') ?? textOf(call.body, 'webhookId');
    return {
      accountId: textOf(shown, 'accountId') ?? textOf(call.body, 'accountId'),
      target: id === null ? null : { type: 'webhook', id, name: nameOf(shown) },
      changes: await changesOf(call, before),
    };
  },
};
