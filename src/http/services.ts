import type { Clock } from '../core/clock.ts';
import type { ErrorClass } from '../core/delivery.ts';
import type { InputError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { SigningSecret, Webhook, WebhookConfig } from '../core/webhook.ts';
import type { LiveHub } from '../history/live.ts';
import type { Recovery } from '../history/recover/recovery.ts';
import type { Stats } from '../history/stats/stats.ts';
import type { Directory } from '../stores/ports/directory.ts';
import type { History } from '../stores/ports/history.ts';

/** What intake made of one item of `POST /v1/events`. */
export interface AcceptedItem {
  /** The caller's own id or the gateway's; `null` where the item was rejected and gave none. */
  readonly id: string | null;
  readonly result: 'accepted' | 'duplicate' | 'rejected';
  /** How many webhooks get it. */
  readonly deliveries: number;
  /** Paths are from the item's root. */
  readonly errors?: readonly InputError[];
}

/** The answer to `POST /v1/events`; `events` in the order given. */
export interface AcceptAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly events: readonly AcceptedItem[];
}

/** The request of a preview or a test, as it goes on the wire. */
export interface TrialRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
}

/** What came of a test. Either `response` or `error` is set, both when the answer did not count as a success. */
export interface TrialAnswer {
  readonly request: TrialRequest;
  readonly response: {
    readonly statusCode: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body: string;
    /** The body is longer than what is shown. */
    readonly truncated: boolean;
  } | null;
  readonly error: { readonly class: ErrorClass; readonly detail: string } | null;
  readonly durationMs: number;
}

/** What the HTTP API needs of the program; the composition root fills it. */
export interface Services {
  readonly clock: Clock;
  /** Hookwire's version. */
  readonly version: string;
  readonly log: { error(details: object, message: string): void };
  readonly directory: Directory;
  readonly history: Pick<History, 'listDeliveries' | 'getDelivery' | 'getEvent'>;
  readonly stats: Pick<Stats, 'ofWebhook'>;
  readonly tasks: Pick<Recovery, 'create' | 'get' | 'list' | 'cancel'>;
  readonly live: Pick<LiveHub, 'join'>;
  readonly operator: {
    /** Whether this is the hash of the operator key that the environment sets; compares in constant time. */
    isOperatorKey(hash: string): boolean;
  };
  readonly intake: {
    /**
     * Resolves when what is accepted is on disk.
     * @param caller `accountId` of an account's key; `null` for an operator, who names the account in each event
     * @throws HookwireError `overloaded` or `stopping`
     */
    accept(items: readonly unknown[], caller: { readonly accountId: string | null }): Promise<AcceptAnswer>;
  };
  /** Told after the directory was written, so that routing and lanes follow. */
  readonly webhooks: {
    created(webhook: Webhook, secrets: readonly SigningSecret[]): void;
    changed(webhook: Webhook, secrets: readonly SigningSecret[]): void;
    deleted(webhookId: string): Promise<void>;
    accountDeleted(accountId: string): Promise<void>;
  };
  readonly trial: {
    preview(config: WebhookConfig, event: Event, secrets: readonly SigningSecret[]): TrialRequest;
    send(config: WebhookConfig, event: Event, secrets: readonly SigningSecret[]): Promise<TrialAnswer>;
  };
  readonly delivery: {
    /** Queues a delivery to be sent now; `false` when it cannot be. */
    replay(deliveryId: string): Promise<boolean>;
  };
  readonly urlGuard: {
    /** Why a URL's host may not be called, as far as its text tells; `null` if it may. */
    checkUrl(url: string): string | null;
  };
  /** A new signing secret, `whsec_…`. */
  createSecret(): string;
  readiness(): { readonly ready: boolean; readonly detail: string };
  /** The metrics in Prometheus' text format. */
  metrics(): Promise<string>;
}
