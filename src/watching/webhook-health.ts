import { createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';
import type { HealthChange } from '../core/delivery-observer.ts';
import type { Webhook } from '../core/webhook.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { Directory, Disabling } from '../stores/ports/directory.ts';
import type { OperationalEvents } from './operational-events.ts';

/** Writes down how the webhooks' endpoints are doing, and tells of it. */
export interface WebhookHealth {
  /** An endpoint began to fail, or is well again. */
  healthChanged(webhookId: string, change: HealthChange): void;
  /**
   * Disables a webhook: its endpoint is gone, or has failed for too long. Resolves to `false` where there was nothing to
   * disable any more: it was deleted or disabled, or its owner changed it or switched it on meanwhile.
   * @throws what the directory throws; to be called again then
   */
  disable(webhookId: string, reason: string): Promise<boolean>;
  /**
   * Since when a webhook of the registry fails, `null` while it is well: the registry does not hear of what was written
   * down since it got the webhook.
   */
  failingSince(webhook: Webhook): number | null;
  /** Tells of webhooks that were disabled before a crash and not told of; to be called at start. Never rejects. */
  catchUp(): Promise<void>;
  /** Resolves when every change is written down, or could not be. */
  close(): Promise<void>;
}

export interface WebhookHealthOptions {
  readonly directory: Pick<
    Directory,
    'getWebhook' | 'setFailingSince' | 'disableWebhook' | 'untoldDisablings' | 'disablingTold'
  >;
  readonly registry: Pick<WebhookRegistry, 'get' | 'put'>;
  readonly operations: Pick<OperationalEvents, 'raise'>;
  readonly clock: Clock;
  /** Hears of a webhook that was disabled. */
  readonly onDisabled: (webhookId: string, reason: string) => void;
  readonly log: { error(details: object, message: string): void };
}

const tryAgainMs = 1_000;

/**
 * That an endpoint fails or is well is raised before it is written down, under a key that a second raising repeats: after
 * a crash between the two it is found out and raised again, and told of once. Raising may take minutes, and what is found
 * out is about the webhook as it was then: what its owner does meanwhile is not undone. So a webhook is disabled first
 * and that is raised then; the directory remembers it until it was.
 */
export function createWebhookHealth(options: WebhookHealthOptions): WebhookHealth {
  const { directory, registry, operations, clock, onDisabled, log } = options;
  /** By webhook, so that its changes are written in their order. */
  const writing = new Map<string, Promise<void>>();
  /** What was written down last, and of which webhook. */
  const known = new Map<string, { readonly judged: Webhook; readonly since: number | null }>();
  const bell = createBell(clock);

  function inTurn(webhookId: string, run: () => Promise<void>): void {
    const turn = (writing.get(webhookId) ?? Promise.resolve()).then(run).finally(() => {
      if (writing.get(webhookId) === turn) writing.delete(webhookId);
    });
    writing.set(webhookId, turn);
  }

  async function save(judged: Webhook, at: number | null): Promise<void> {
    const webhookId = judged.id;
    do {
      try {
        // That it is well is true of whatever its owner made of it: a later failure is written down later.
        if (at === null || isStill(judged, await directory.getWebhook(webhookId)))
          await directory.setFailingSince(webhookId, at);
        known.set(webhookId, { judged, since: at });
        return;
      } catch (error) {
        log.error(
          { err: error, webhookId },
          'How an endpoint is doing could not be saved; it is tried again.',
        );
        await bell.sleep(tryAgainMs);
      }
    } while (!bell.hasEnded);
  }

  async function write(webhook: Webhook, kind: 'failing' | 'recovered', since: number): Promise<void> {
    const at = clock.now();
    await operations.raise({
      type: `webhook.${kind}`,
      at,
      key: `${webhook.id}_${since}`,
      webhook,
      data: { since: iso(since) },
    });
    await save(webhook, kind === 'failing' ? since : null);
  }

  async function tellDisabled({ webhook, at }: Disabling): Promise<void> {
    const { id, disabledReason: reason, failingSince } = webhook;
    const since = failingSince === null ? null : iso(failingSince);
    const told = await operations.raise({
      type: 'webhook.disabled',
      at,
      key: `${id}_${at}`,
      webhook,
      data: { reason, since },
    });
    if (!told) return;
    // If this fails it is told of again after a restart, under the same key.
    await directory.disablingTold(id, at).catch((error: unknown) => {
      log.error({ err: error, webhookId: id }, 'That a webhook was told to be disabled could not be saved.');
    });
  }

  return {
    healthChanged(webhookId, { kind, since }) {
      const webhook = registry.get(webhookId)?.webhook;
      // What is dead is disabled, which says more.
      if (!webhook || kind === 'dead') return;
      inTurn(webhookId, () => write(webhook, kind, since));
    },
    async disable(webhookId, reason) {
      const judged = registry.get(webhookId)?.webhook;
      if (!judged) return false;
      try {
        await writing.get(webhookId);
        const at = clock.now();
        const disabled = await directory.disableWebhook(judged, reason, at);
        if (!disabled) return false;
        registry.put({ webhook: disabled, secrets: registry.get(webhookId)?.secrets ?? [] });
        await tellDisabled({ webhook: disabled, at });
        onDisabled(webhookId, reason);
        return true;
      } catch (error) {
        log.error({ err: error, webhookId, reason }, 'The webhook could not be saved as disabled.');
        throw error;
      }
    },
    failingSince(webhook) {
      const last = known.get(webhook.id);
      return last && isStill(last.judged, webhook) ? last.since : webhook.failingSince;
    },
    async catchUp() {
      try {
        for (const untold of await directory.untoldDisablings())
          inTurn(untold.webhook.id, () => tellDisabled(untold));
      } catch (error) {
        log.error({ err: error }, 'Which webhooks were disabled and not told of could not be read.');
      }
    },
    async close() {
      bell.end();
      await Promise.all(writing.values());
    },
  };
}

/** Whether its owner has done nothing to a webhook since then; how it is doing changes neither. */
function isStill(judged: Webhook, now: Webhook | null): now is Webhook {
  return now !== null && now.version === judged.version && now.updatedAt === judged.updatedAt;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
