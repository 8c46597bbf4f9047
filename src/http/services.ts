import type { AuditLog } from '../audit/audit-log.ts';
import type { LimitUsage, LimitValues } from '../core/account-limits.ts';
import type { Clock } from '../core/clock.ts';
import type { KeepDays, KeepTimes } from '../core/keeping.ts';
import type { Places } from '../core/places.ts';
import type { WebhookAnnouncements } from '../delivery/announce-webhooks.ts';
import type { Trial } from '../delivery/trial.ts';
import type { ErasureCalls } from '../erasure/erasures.ts';
import type { GatewayOverview } from '../history/gateway-overview.ts';
import type { PortalLinks } from '../people/portal-links.ts';
import type { PortalPeople } from '../people/portal-people.ts';
import type { Recovery } from '../recover/recovery.ts';
import type { SignatureKind } from '../rendering/signing-secret.ts';
import type { KnownSenders } from '../routing/known-senders.ts';
import type { EventReceiver } from '../sources/http-api/receive-events.ts';
import type { Directory } from '../stores/ports/directory.ts';
import type { History } from '../stores/ports/history.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';
import type { LearntPaces } from '../watching/learnt-paces.ts';
import type { LiveHub } from '../watching/live.ts';
import type { Stats } from '../watching/stats/stats.ts';
import type { Caller } from './callers/caller.ts';

/** Those who came to the portal through a signed link of the platform. */
export interface PortalLinkSessions extends Pick<PortalLinks, 'issue' | 'enter'> {
  /** @param token `hwp_…`, as it was given out; `null`: there is none (any more) */
  find(token: string): Promise<Caller | null>;
}

/** What the HTTP API needs of the program; the composition root fills it. */
export interface Services {
  readonly clock: Clock;
  /** Hookwire's version. */
  readonly version: string;
  readonly log: { error(details: object, message: string): void };
  readonly directory: Directory;
  readonly senders: Pick<KnownSenders, 'isUnmatched'>;
  readonly limits: {
    /** Of accounts that have none of their own. */
    readonly ofAll: LimitValues;
    /** What holds for an account. */
    of(accountId: string): LimitValues;
    /** How much of its limits an account has used. */
    usage(accountId: string): Promise<LimitUsage>;
  };
  readonly keep: {
    /** Of accounts that have no time of their own. */
    readonly ofAll: KeepDays;
    /** Of entries of the audit log; 0: for ever. */
    readonly auditDays: number;
    /** What holds for an account. */
    of(accountId: string): KeepTimes;
  };
  /** They serve the same store; `null`: there are none. */
  readonly otherProcesses: Pick<ProcessMessages, 'tell' | 'on' | 'onMissed'> | null;
  /** Tests of webhooks that are under way. */
  readonly testPlaces: Places;
  readonly history: Pick<History, 'listDeliveries' | 'getDelivery' | 'getEvent' | 'findEvents'>;
  readonly stats: Pick<Stats, 'ofWebhook' | 'ofAccount'>;
  readonly learntPaces: Pick<LearntPaces, 'of'>;
  readonly tasks: Pick<Recovery, 'create' | 'get' | 'list' | 'cancel'>;
  readonly erasures: ErasureCalls;
  /** Who changed what. Routes say so in their `config.audit`; whatever else is worth an entry calls `write`. */
  readonly audit: Pick<AuditLog, 'write' | 'count' | 'list'>;
  readonly live: Pick<LiveHub, 'join'>;
  readonly operator: {
    /** Whether this is the hash of the operator key that the environment sets; compares in constant time. */
    isOperatorKey(hash: string): boolean;
  };
  readonly people: PortalPeople;
  readonly portalLinks: PortalLinkSessions;
  /** Takes what is handed in. */
  readonly events: EventReceiver;
  readonly webhooks: WebhookAnnouncements;
  readonly trial: Trial;
  readonly delivery: {
    /** Queues a delivery to be sent now, in its turn where its webhook wants order. */
    replay(delivery: { readonly id: string; readonly webhookId: string }): Promise<void>;
    /** Resolves when all that waits for a deleted webhook is skipped. */
    skipDeleted(webhookId: string): Promise<unknown>;
    /** Resolves when nothing is under way that was begun before the webhook was deleted. */
    gone(webhookId: string): Promise<void>;
  };
  readonly urlGuard: {
    /** Why a URL's host may not be called, as far as its text tells; `null` if it may. */
    checkUrl(url: string): string | null;
  };
  /** A new signing secret: `whsec_…` for `v1`, which is the usual, `whsk_…` for `v1a`. */
  createSecret(kind?: SignatureKind): string;
  overview(): Promise<GatewayOverview>;
  readiness(): { readonly ready: boolean; readonly detail: string };
  /** The metrics in Prometheus' text format. */
  metrics(): Promise<string>;
}
