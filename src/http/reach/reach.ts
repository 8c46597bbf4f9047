import type { LimitUsage } from '../../core/account-limits.ts';
import type { HookwireError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { KeptUntil } from '../../core/keeping.ts';
import type { ProductId } from '../../core/products/product.ts';
import type { SigningSecret, Webhook, WebhookConfig, WebhookStatus } from '../../core/webhook.ts';
import type { TrialAnswer } from '../../delivery/trial.ts';
import type { ErasureRequest } from '../../erasure/new-erasure.ts';
import type { HandedLink, Invited, MemberDetails } from '../../people/manage-people.ts';
import type { IssuedLink, PortalLinkRequest } from '../../people/portal-links.ts';
import type { RecoveryRequest } from '../../recover/recovery.ts';
import type { ReceiveAnswer } from '../../sources/http-api/receive-events.ts';
import type { LinkIssuer } from '../../stores/ports/access.ts';
import type { AuditActor, AuditEntry, AuditFilter } from '../../stores/ports/audit.ts';
import type {
  Account,
  AccountChange,
  ApiKey,
  NewAccount,
  PastSecret,
  RoutedWebhook,
  Sender,
  WebhookFilter,
} from '../../stores/ports/directory.ts';
import type { Erasure } from '../../stores/ports/erasures.ts';
import type {
  DeliveryDetail,
  DeliveryFilter,
  EventFilter,
  FoundEvent,
  ListedDelivery,
  StoredEvent,
} from '../../stores/ports/history.ts';
import type { KeptAnswer } from '../../stores/ports/kept-answers.ts';
import type { Page, PageRequest } from '../../stores/ports/page.ts';
import type { MemberEntry, MemberFilter } from '../../stores/ports/people.ts';
import type { StatsRange, TotalsBucket } from '../../stores/ports/stats.ts';
import type { Task } from '../../stores/ports/tasks.ts';
import type { LearntPace } from '../../watching/learnt-paces.ts';
import type { LiveListener } from '../../watching/live.ts';
import type { StatsSummary } from '../../watching/stats/summarise.ts';
import type { TotalsSummary } from '../../watching/stats/totals.ts';

/**
 * What a caller can get at, and all that its routes get of stores and stages that hold things of accounts. Nothing in an
 * account's reach takes the id of an account, and what belongs to another is not there: no route has to check it, and
 * none can forget to.
 *
 * ```text
 * PlatformReach ──of, own, account──▸ AccountReach ──find──▸ FoundWebhook, FoundDelivery …
 *       └───────────────find──────────────────────────────────────┘ owner ──▸ AccountReach
 * ```
 * What is done to a thing is done by what was found, so that it cannot be done to one that was not.
 */
export type Reach = AccountReach | PlatformReach;

/** Less one field: the account, which the reach knows. */
type OfAccount<T> = Omit<T, 'accountId'>;

/** Things of one kind. */
export interface Findable<T> {
  /** `null`: there is none within reach. */
  get(id: string): Promise<T | null>;
  /** @throws HookwireError `not_found` */
  find(id: string): Promise<T>;
}

/** The same questions, be they about one account or about all. */
export interface Things {
  readonly webhooks: Findable<FoundWebhook> & {
    list(filter: OfAccount<WebhookFilter>, page: PageRequest): Promise<Page<Webhook>>;
    /** `null` for one that is not deleted, too. */
    getDeleted(id: string): Promise<RestorableWebhook | null>;
  };
  readonly senders: Findable<FoundSender> & {
    list(filter: { readonly product?: ProductId }, page: PageRequest): Promise<Page<Sender>>;
  };
  readonly deliveries: Findable<FoundDelivery> & {
    list(filter: OfAccount<DeliveryFilter>, page: PageRequest): Promise<Page<ListedDelivery>>;
  };
  readonly events: Findable<EventWithDeliveries> & {
    search(filter: OfAccount<EventFilter>, page: PageRequest): Promise<Page<FoundEvent>>;
    /** Resolves when what is accepted is on disk; an operator names the account in each event. */
    receive(items: readonly unknown[]): Promise<ReceiveAnswer>;
    /** Why none would be taken right now; `null`: some may be. */
    refusal(): HookwireError | null;
  };
  readonly tasks: Findable<FoundTask> & { list(page: PageRequest): Promise<Page<Task>> };
  /** Of one account, or of all and those over all. */
  readonly erasures: {
    /** @throws HookwireError `conflict` when there are enough of them */
    create(request: OfAccount<ErasureRequest>): Promise<Erasure>;
    list(page: PageRequest): Promise<Page<Erasure>>;
  };
  readonly people: Findable<FoundMember> & {
    list(filter: OfAccount<MemberFilter>, page: PageRequest): Promise<Page<MemberEntry>>;
  };
  readonly audit: { list(filter: OfAccount<AuditFilter>, page: PageRequest): Promise<Page<AuditEntry>> };
  readonly stats: { totals(range: StatsRange<TotalsBucket>): Promise<readonly TotalsSummary[]> };
  /** Sends a test while there is a place for it. @throws HookwireError `slow_down`, with nothing sent */
  sendTest(config: WebhookConfig, event: Event, secrets: readonly SigningSecret[]): Promise<TrialAnswer>;
  /**
   * Hears of deliveries as they happen.
   * @param of whose: this reach or what it was narrowed to; who hears it takes a place of this one
   * @returns ends it
   */
  watch(of: Reach, filter: OfAccount<DeliveryFilter>, listener: LiveListener): () => void;

  /** One account. @throws HookwireError `not_found` where it is not within reach; whether it exists is not looked up */
  of(accountId: string): AccountReach;
  /** What a list is about: the account that is named, or all that is within reach. @throws as above */
  of(accountId: string | undefined): Reach;
  /**
   * The account that a new thing belongs to.
   * @throws HookwireError `not_found` when an account names another, `invalid_input` when an operator names none or one
   * that does not exist
   */
  own(named: string | undefined): Promise<AccountReach>;
  /** An account that exists. @throws HookwireError `not_found` */
  account(id: string): Promise<AccountReach>;
}

/** One account's. */
export interface AccountReach extends Things {
  readonly kind: 'account';
  readonly accountId: string;
  /** `null`: it was deleted. */
  record(): Promise<Account | null>;
  /** How much of its limits it has used. */
  usage(): Promise<LimitUsage>;
  readonly keys: {
    list(page: PageRequest): Promise<Page<ApiKey>>;
    /** @throws HookwireError `limit_reached` */
    create(made: OfAccount<ApiKey>, hash: string, kept: KeptAnswer | null): Promise<void>;
    delete(id: string): Promise<boolean>;
  };
  readonly webhooks: Things['webhooks'] & {
    /** Saves version 1 and tells routing and lanes. @throws HookwireError `limit_reached` */
    create(made: OfAccount<Webhook>, secret: SigningSecret, kept: KeptAnswer | null): Promise<void>;
    /** Those that get events, from memory. */
    registered(): readonly Webhook[];
  };
  readonly senders: Things['senders'] & {
    /** @throws HookwireError `limit_reached`, `conflict` where the account has it already */
    create(made: OfAccount<Sender>, kept: KeptAnswer | null): Promise<void>;
  };
  readonly tasks: Things['tasks'] & {
    /** @throws HookwireError `conflict` when the account has enough tasks */
    create(request: OfAccount<RecoveryRequest>): Promise<Task>;
  };
  readonly people: Things['people'] & {
    /** @throws HookwireError as `people/portal-people.ts` says */
    invite(person: NewMember, by: LinkIssuer): Promise<Invited>;
  };
  issuePortalLink(request: OfAccount<PortalLinkRequest>): IssuedLink;
}

/** Everything: an operator's. */
export interface PlatformReach extends Things {
  readonly kind: 'platform';
  readonly accounts: {
    list(page: PageRequest): Promise<Page<Account>>;
    get(id: string): Promise<Account | null>;
    /** `null` when the id is taken. */
    create(made: NewAccount, kept: KeptAnswer | null): Promise<Account | null>;
    change(id: string, change: AccountChange): Promise<Account | null>;
    /** From here on nobody sees anything of it. */
    delete(id: string): Promise<boolean>;
    /** Tells routing and lanes, and begins to remove all that it had. */
    deleted(id: string, by: AuditActor): Promise<Erasure>;
    /** The task that removes it; `null`: there is none at work. */
    removing(id: string): Promise<Erasure | null>;
  };
  readonly people: Things['people'] & {
    inviteOperator(person: Omit<NewMember, 'role'>): Promise<Invited>;
  };
}

/** Somebody to be given a role in an account. */
export interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly role: Exclude<MemberDetails['role'], undefined>;
}

export interface FoundWebhook {
  /** As it was when it was found. */
  readonly webhook: Webhook;
  readonly owner: AccountReach;
  /** Saves the next version; `false` when it is gone, or at another version than `ifVersion`. */
  replace(config: WebhookConfig, ifVersion?: number): Promise<boolean>;
  /**
   * Tells routing and lanes how it is now.
   * @throws HookwireError `not_found` when it was deleted meanwhile
   */
  announce(): Promise<Webhook>;
  /** And tells them. @throws HookwireError `not_found` */
  setStatus(status: WebhookStatus, reason: string | null): Promise<Webhook>;
  /** @throws HookwireError `not_found` when somebody else did */
  delete(): Promise<void>;
  /** Newest first, without those that have expired. */
  secrets(): Promise<readonly SigningSecret[]>;
  /** Makes `secret` the current one; those before expire after `overlapMs` at the latest. */
  rotateSecret(secret: string, overlapMs: number): Promise<readonly SigningSecret[]>;
  /** Its configuration as it was in a version; also when it was deleted since. */
  version(version: number): Promise<WebhookConfig | null>;
  figures(range: StatsRange): Promise<StatsSummary>;
  /** `null`: nothing was learnt. */
  learntPace(): LearntPace | null;
}

export interface RestorableWebhook {
  /** As it was then. */
  readonly webhook: Webhook;
  readonly owner: AccountReach;
  /** Takes the deletion back, if it was at `deletedSince` or later. @throws HookwireError `limit_reached` */
  restore(deletedSince: number): Promise<boolean>;
  /**
   * Ends what the deletion has not ended yet, then tells routing and lanes; resolves when nothing is under way that was
   * begun before.
   * @throws HookwireError `not_found` when it was deleted again
   */
  announce(): Promise<Webhook>;
}

export interface FoundSender {
  readonly sender: Sender;
  delete(): Promise<void>;
}

export interface FoundDelivery {
  readonly delivery: DeliveryDetail;
  readonly keptUntil: KeptUntil;
  /** Queues it to be sent now. @throws HookwireError `conflict` when its webhook was deleted */
  replay(): Promise<void>;
  /** Its webhook as it was in a version, deleted or not. */
  webhookVersion(version: number): Promise<WebhookConfig | null>;
  /** Every secret of its webhook, newest first. */
  secretHistory(): Promise<readonly PastSecret[]>;
}

export interface EventWithDeliveries {
  readonly stored: StoredEvent;
  readonly keptUntil: KeptUntil;
  /** The account's webhooks as they were when it was accepted, with those that were deleted within `deletedLatelyMs` before. */
  routedWebhooks(deletedLatelyMs: number): Promise<readonly RoutedWebhook[]>;
}

export interface FoundTask {
  readonly task: Task | Erasure;
  /** One that has ended stays as it is, and one that erases.  @throws HookwireError `not_found` when it is gone */
  cancel(): Promise<Task | Erasure>;
}

export interface FoundMember {
  readonly member: MemberEntry;
  change(change: MemberDetails, by: LinkIssuer): Promise<void>;
  remove(): Promise<void>;
  issueLink(by: LinkIssuer): Promise<HandedLink>;
}
